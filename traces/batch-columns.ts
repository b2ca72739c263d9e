/** The one kind of `PacketBatch` that readers fill: in memory where WebAssembly can read it. */
import type { ByteWindow } from "./byte-window.ts";
import { allColumnBytes, columnPlaces } from "./columns.ts";
import type { PacketBatch } from "./packet-batch.ts";
import type { TraceMemory } from "./trace-memory.ts";

/** Packets a batch holds: more than a window of small packets has. */
const BATCH_PACKETS = 8192;
/** A double, three words, half a word. */
const WIDTHS = [8, 4, 4, 4, 2];
const bytesOf = (capacity: number): number => allColumnBytes(WIDTHS, capacity);

export class BatchColumns implements PacketBatch {
  readonly capacity: number;
  count = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly offset: Int32Array;
  readonly captured: Int32Array;
  readonly wire: Uint32Array;
  readonly time: Float64Array;
  readonly linkType: Uint16Array;
  readonly file: number;
  firstNumber = 1;
  /** Where its columns lie, and the bytes that it is of. */
  readonly memory: TraceMemory;

  constructor(file: number, memory: TraceMemory, capacity = BATCH_PACKETS) {
    this.file = file;
    this.memory = memory;
    this.capacity = capacity;
    const places = columnPlaces(memory.place(bytesOf(capacity)));
    const place = (width: number): number => places(width * capacity);
    const { buffer } = memory;
    this.time = new Float64Array(buffer, place(8), capacity);
    this.wire = new Uint32Array(buffer, place(4), capacity);
    this.offset = new Int32Array(buffer, place(4), capacity);
    this.captured = new Int32Array(buffer, place(4), capacity);
    this.linkType = new Uint16Array(buffer, place(2), capacity);
  }

  /** Empties the batch for packets out of `window`, the first of them being number `firstNumber`. */
  reset(window: ByteWindow, firstNumber: number): void {
    this.count = 0;
    this.bytes = window.bytes;
    this.view = window.view;
    this.firstNumber = firstNumber;
  }

  /** Gives its memory back; it is not to be used any more. */
  giveBack(): void {
    this.memory.giveBack(this.time.byteOffset, bytesOf(this.capacity));
  }
}
