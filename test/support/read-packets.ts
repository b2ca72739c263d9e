/** All packets of a capture as objects, for comparing. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CaptureFile } from "../../traces/capture-file.ts";
import type { Damage } from "../../traces/errors.ts";
import type { Trace } from "../../traces/open.ts";
import type { PacketBatch } from "../../traces/packet-batch.ts";
import type { ByteSource } from "../../traces/sources/source.ts";
import { TraceMemory } from "../../traces/trace-memory.ts";

export interface ReadPacket {
  file: number;
  number: number;
  /** Nanoseconds since the epoch. */
  time: bigint;
  wire: number;
  linkType: number;
  /** Captured bytes in hexadecimal. */
  data: string;
}

function appendBatch(batch: PacketBatch, origin: bigint, packets: ReadPacket[]): void {
  for (let i = 0; i < batch.count; i++) {
    const from = batch.offset[i];
    const data = batch.bytes.subarray(from, from + batch.captured[i]);
    packets.push({
      file: batch.file,
      number: batch.firstNumber + i,
      time: origin + BigInt(batch.time[i]),
      wire: batch.wire[i],
      linkType: batch.linkType[i],
      data: Buffer.from(data).toString("hex"),
    });
  }
}

/** Reads a trace to its end. */
export async function readPackets(trace: Trace): Promise<ReadPacket[]> {
  const packets: ReadPacket[] = [];
  for await (const batch of trace) appendBatch(batch, trace.origin, packets);
  return packets;
}

/** Hands out `bytes` in pieces as long as `piece` says; notes the longest read asked for. */
export class PieceSource implements ByteSource {
  readonly size: number;
  readonly reopenable = false;
  taken = 0;
  longest = 0;
  readonly #bytes: Uint8Array;
  readonly #piece: () => number;

  constructor(bytes: Uint8Array, piece: () => number = () => bytes.length) {
    this.#bytes = bytes;
    this.#piece = piece;
    this.size = bytes.length;
  }

  read(into: Uint8Array, at: number, length: number): number {
    this.longest = Math.max(this.longest, length);
    const count = Math.min(length, this.#piece(), this.#bytes.length - this.taken);
    into.set(this.#bytes.subarray(this.taken, this.taken + count), at);
    this.taken += count;
    return count;
  }

  close(): void {}
}

/** Reads a capture that lies in memory, through a source of the caller's. */
export async function readSource(
  source: ByteSource,
): Promise<{ packets: ReadPacket[]; damage: Damage[] }> {
  const file = await CaptureFile.over(source, "memory", 0, new TraceMemory());
  const packets: ReadPacket[] = [];
  while (await file.next()) appendBatch(file.batch, file.origin ?? 0n, packets);
  return { packets, damage: file.damage.entries };
}

/** Reads a capture that lies in memory. */
export const readBytes = (
  bytes: Uint8Array,
): Promise<{ packets: ReadPacket[]; damage: Damage[] }> => readSource(new PieceSource(bytes));

/** A folder for a test's files. */
export const testFolder = (): string => mkdtempSync(join(tmpdir(), "anypin-"));
