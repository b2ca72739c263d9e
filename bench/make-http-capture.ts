/**
 * Makes the capture that the capture benchmarks read: HTTP over TCP as a busy server's port sees
 * it, the same bytes for the same size and seed.
 *
 *     node dist/bench/make-http-capture.js [--packets N] [--seed N] [FILE.pcap]
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { projectPath } from "../test/support/project.ts";
import { LONGEST_RECORD, writeFileHeader, writeRecord } from "./http/frames.ts";
import { HttpTraffic } from "./http/traffic.ts";

const START = 1_700_000_000;
const CHUNK = 1 << 20;

/** Connections open at once and clients: 20,000 and 30,000, fewer where the capture is short. */
const shape = (packets: number, seed: number) => ({
  open: Math.max(1, Math.min(20_000, Math.floor(packets / 50))),
  clients: 30_000,
  seed,
});

/** Writes the capture; returns how many connections it holds. */
function writeHttpCapture(path: string, packets: number, seed: number): number {
  mkdirSync(dirname(path), { recursive: true });
  const bytes = new Uint8Array(CHUNK);
  const view = new DataView(bytes.buffer);
  const traffic = new HttpTraffic(shape(packets, seed));
  // Whole or not at all: the name appears when the file is complete.
  const file = openSync(`${path}.part`, "w");
  let end = writeFileHeader(view);
  for (let n = 0; n < packets; n++) {
    traffic.next();
    end = writeRecord(bytes, view, end, START + traffic.time, n & 0xffff, traffic.segment);
    if (end + LONGEST_RECORD > CHUNK) {
      writeSync(file, bytes, 0, end);
      end = 0;
    }
  }
  writeSync(file, bytes, 0, end);
  closeSync(file);
  renameSync(`${path}.part`, path);
  return traffic.begun;
}

/** Where the capture of that size and seed lies, from the project's root. */
const pathOf = (packets: number, seed: number): string => `out/bench/http-${packets}-${seed}.pcap`;

/** Makes the capture unless it is there; returns its path from the project's root. */
export function httpCapture(packets: number, seed = 1): string {
  const path = pathOf(packets, seed);
  if (!existsSync(projectPath(path))) writeHttpCapture(projectPath(path), packets, seed);
  return path;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values, positionals } = parseArgs({
    options: {
      packets: { type: "string", default: "5000000" },
      seed: { type: "string", default: "1" },
    },
    allowPositionals: true,
  });
  const packets = Number(values.packets);
  const seed = Number(values.seed);
  const path = positionals[0] ?? projectPath(pathOf(packets, seed));
  const connections = writeHttpCapture(path, packets, seed);
  process.stdout.write(`${path}: ${packets} packets, ${connections} connections\n`);
}
