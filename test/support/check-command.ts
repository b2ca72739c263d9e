/** Running `anypin check` on captures of a test's own. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pcapBytes } from "./capture-builder.ts";
import { tcpPacket } from "./checked.ts";
import { type Ran, runHere } from "./cli.ts";

const RAW = 101;

/** Where the captures are. */
export const folder: string = mkdtempSync(join(tmpdir(), "anypin-check-"));

/** Writes a capture of IP packets, a second apart; returns its path. */
export function capture(name: string, packets: readonly Uint8Array[]): string {
  const path = join(folder, name);
  const records = packets.map((data, i) => ({ seconds: 1 + i, fraction: 0, data }));
  writeFileSync(path, pcapBytes(records, { linkType: RAW }));
  return path;
}

export const check = (...words: string[]): Promise<Ran> => runHere(["check", ...words]);

/** The objects of an output of --json. */
export const linesOf = (out: string): unknown[] =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

const U = "198.51.100.7";
const G = "c6336532";
/** To U without options, by way of U with a source route, and with one that a byte puts out of step. */
export const plain = tcpPacket({ source: "192.0.2.1", destination: U, flags: 16 });
export const routed = tcpPacket({
  source: "192.0.2.1",
  destination: U,
  final: "198.51.101.50",
  options: `01830704${G}`,
  flags: 16,
});
export const misaligned = tcpPacket({
  source: "192.0.2.1",
  destination: U,
  final: "198.51.101.50",
  options: `01830b06${G}${G}`,
  flags: 16,
});
