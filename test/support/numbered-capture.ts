/** Captures of ten packets that say in every byte which they are, to be broken on purpose. */
import {
  interfaceBlock,
  packetBlock,
  pcapHeader,
  pcapRecord,
  sectionBlock,
} from "./capture-builder.ts";

/** Packet n holds n over and over. */
export const numberedPacket = (n: number, length = 60) => ({
  seconds: 1_700_000_000 + n,
  fraction: n,
  data: new Uint8Array(length).fill(n),
});

/** `from` to `to`, both among them. */
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Records of a classic capture, and the bytes that each takes. */
export const numberedRecords = (from: number, to: number): Buffer =>
  Buffer.concat(numbers(from, to).map((n) => pcapRecord(numberedPacket(n))));
export const RECORD = 76;

/** A classic capture of packets 1 … 10. */
export const ten = (): Buffer => Buffer.concat([pcapHeader(), numberedRecords(1, 10)]);

/** Its pcapng twin, and where its first packet's block begins, and the bytes that each takes. */
export const tenBlocks = (): Buffer =>
  Buffer.concat([
    sectionBlock(),
    interfaceBlock(),
    ...numbers(1, 10).map((n) => packetBlock(BigInt(n), numberedPacket(n).data)),
  ]);
export const FIRST_BLOCK = 28 + 20;
export const BLOCK = 92;

/** Bytes with `change` done to them. */
export const changed = (bytes: Buffer, change: (bytes: Buffer) => unknown): Buffer => {
  change(bytes);
  return bytes;
};

/** Bytes with `remove` of them at `at` replaced by `insert`. */
export const spliced = (bytes: Buffer, at: number, remove: number, insert: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
