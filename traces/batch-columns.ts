/** The one kind of `PacketBatch` that readers fill. */
import type { ByteWindow } from "./byte-window.ts";
import type { PacketBatch } from "./packet-batch.ts";

/** Packets a batch holds: more than a window of small packets has. */
const BATCH_PACKETS = 8192;

export class BatchColumns implements PacketBatch {
  readonly capacity = BATCH_PACKETS;
  count = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly offset = new Int32Array(BATCH_PACKETS);
  readonly captured = new Int32Array(BATCH_PACKETS);
  readonly wire = new Float64Array(BATCH_PACKETS);
  readonly time = new Float64Array(BATCH_PACKETS);
  readonly linkType = new Uint16Array(BATCH_PACKETS);
  readonly file: number;
  firstNumber = 1;

  constructor(file: number) {
    this.file = file;
  }

  /** Empties the batch for packets out of `window`, the first of them being number `firstNumber`. */
  reset(window: ByteWindow, firstNumber: number): void {
    this.count = 0;
    this.bytes = window.bytes;
    this.view = window.view;
    this.firstNumber = firstNumber;
  }
}
