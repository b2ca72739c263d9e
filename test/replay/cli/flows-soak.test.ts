/**
 * `anypin flows` on damaged captures: it never fails, takes neither long nor much memory, and reports
 * every connection that lies before the damage. ANYPIN_RUNS sets how many; `npm run soak:captures`
 * takes 2,000.
 */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runHere } from "../../support/cli.ts";
import { mutateCapture } from "../../support/mutate-capture.ts";
import { haveShared, projectPath, sharedPath } from "../../support/project.ts";
import { testRandom } from "../../support/random.ts";

const ROUNDS = Number(process.env.ANYPIN_RUNS ?? 200);
const SHARED = "captures/files";
/** Larger captures would only repeat what smaller ones show. */
const LARGEST = 100_000;
const MOST_SECONDS = 5;
const MOST_BYTES = 256 << 20;

const path = join(mkdtempSync(join(tmpdir(), "anypin-soak-")), "damaged");

interface Listed {
  /** Protocol, and ends in either order. */
  key: string;
  start: number;
  packets: number;
  bytes: number;
}

/** Status and connections of `anypin flows` over `capture`; checks what holds for every input. */
async function list(
  capture: Uint8Array,
  about: string,
): Promise<{ status: number; rows: Listed[] }> {
  writeFileSync(path, capture);
  const began = performance.now();
  const { status, out, err } = await runHere(["flows", "--json", "--tunnels", path]);
  const seconds = (performance.now() - began) / 1000;
  assert.ok(seconds < MOST_SECONDS, `${about}: ${seconds} s`);
  assert.ok(status === 0 || status === 3, `${about}: status ${status}, ${err}`);
  assert.not.match(err, /internal error|\n {4}at /, about);
  const rows = out
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const row = JSON.parse(line) as Record<string, number> & { client: string; server: string };
      const ends = [`${row.client} ${row.clientPort}`, `${row.server} ${row.serverPort}`].sort();
      const key = `${row.protocol} ${ends.join(" ")}`;
      return {
        key,
        start: row.start,
        packets: row.clientPackets + row.serverPackets,
        bytes: row.clientBytes + row.serverBytes,
      };
    });
  return { status: status ?? -1, rows };
}

const headerLength = (bytes: Uint8Array): number => (bytes[0] === 0x0a ? 28 : 24);

/** The shared captures that are whole, and the beginning of our own recording. */
async function usable(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const sample = gunzipSync(readFileSync(projectPath("samples/web.pcap.gz")));
  const captures = [{ name: "web.pcap", bytes: new Uint8Array(sample.subarray(0, LARGEST)) }];
  if (!haveShared(SHARED, "damaged captures of others")) return captures;
  for (const name of readdirSync(sharedPath(SHARED))) {
    const file = readFileSync(sharedPath(`${SHARED}/${name}`));
    const bytes = name.endsWith(".gz") ? gunzipSync(file) : file;
    if (bytes.length > LARGEST || bytes.length <= headerLength(bytes)) continue;
    // One byte over and over: where something is missing there cannot be told.
    if (name === "rh-tcpdump-hoobr_rt6_print.pcap") continue;
    const { status, rows } = await list(bytes, name);
    if (status === 0 && rows.length > 0) captures.push({ name, bytes: new Uint8Array(bytes) });
  }
  return captures;
}

test(`${ROUNDS} damaged captures: status 0 or 3, and nothing before the damage is lost`, async () => {
  const random = testRandom(2026);
  const captures = await usable();
  let before = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { name, bytes } = random.pick(captures);
    const other = random.pick(captures).bytes;
    const mutation = mutateCapture(bytes, random, other, headerLength(bytes));
    const about = `round ${round}: ${name}, ${mutation.what}`;
    const whole = await list(bytes.subarray(0, mutation.intact), `${about}, the part before`);
    const { rows } = await list(mutation.bytes, about);
    for (const { key, start, packets, bytes: payload } of whole.rows) {
      const found = rows.some(
        (row) =>
          row.key === key &&
          // Without a time stamp (simple packet blocks) the first one that comes holds.
          (row.start === start || start === 0) &&
          row.packets >= packets &&
          row.bytes >= payload,
      );
      assert.ok(found, `${about}: ${key} is lost`);
      before++;
    }
  }
  const { rss } = process.memoryUsage();
  assert.ok(rss < MOST_BYTES, `${rss >> 20} MB`);
  assert.ok(before > ROUNDS, `${before} connections lay before the damage`);
});

test.run();
