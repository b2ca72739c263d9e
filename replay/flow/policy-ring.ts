/**
 * Events and keys of connections on their way from the timeline's thread to the policies': a ring of
 * slots in shared memory. Whoever finds it full or empty sleeps until the other has moved on.
 */
import { Turns } from "../../traces/threads/turns.ts";
import type { FlowKeys } from "../policies/policy.ts";
import { EventBlock } from "./event-block.ts";

const SLOTS = 16;
/** Rows announced at once. */
export const KEY_ROWS = 4096;
const KEY_BYTES = 16 + 16 + 2 + 2 + 1;
const EVENT_BYTES = 4 + 8 + 8 + 8;
const HEAD_BYTES = 16;
const SLOT_BYTES =
  HEAD_BYTES +
  8 * Math.ceil(Math.max(KEY_ROWS * KEY_BYTES, new EventBlock().capacity * EVENT_BYTES) / 8);

/** What a slot holds. */
export const KEYS = 1;
export const EVENTS = 2;
export const END = 3;

/** Whose turn it is at a slot. */
const FREE = 0;
const FULL = 1;

interface Slot {
  /** kind, count, slots. */
  head: Int32Array;
  keys: FlowKeys;
  block: EventBlock;
}

/** Both sides make one over the same memory. */
export class PolicyRing {
  readonly memory: SharedArrayBuffer;
  readonly #turns: Turns;
  readonly #slots: Slot[] = [];
  #at = 0;

  constructor(memory = new SharedArrayBuffer(4 * (SLOTS + 2) + SLOTS * SLOT_BYTES)) {
    this.memory = memory;
    this.#turns = new Turns(new Int32Array(memory, 0, SLOTS + 1));
    for (let i = 0; i < SLOTS; i++)
      this.#slots.push(slotAt(memory, 4 * (SLOTS + 2) + i * SLOT_BYTES));
  }

  /** The next slot once it is free (for the writer) or full (for the reader). */
  next(side: "writer" | "reader"): Slot {
    if (!this.#turns.wait(this.#at, side === "writer" ? FREE : FULL)) {
      throw new Error("the policies' thread has failed");
    }
    return this.#slots[this.#at];
  }

  /** Hands the slot to the other side. */
  done(side: "writer" | "reader"): void {
    this.#turns.pass(this.#at, side === "writer" ? FULL : FREE);
    this.#at = (this.#at + 1) % SLOTS;
  }

  /** Tells the writer that nobody reads any more. */
  fail(): void {
    this.#turns.fail();
  }
}

function slotAt(memory: SharedArrayBuffer, at: number): Slot {
  const data = at + HEAD_BYTES;
  const capacity = new EventBlock().capacity;
  const ports = data + 32 * KEY_ROWS;
  return {
    head: new Int32Array(memory, at, HEAD_BYTES / 4),
    keys: {
      client: new Uint32Array(memory, data, 4 * KEY_ROWS),
      server: new Uint32Array(memory, data + 16 * KEY_ROWS, 4 * KEY_ROWS),
      clientPort: new Uint16Array(memory, ports, KEY_ROWS),
      serverPort: new Uint16Array(memory, ports + 2 * KEY_ROWS, KEY_ROWS),
      protocol: new Uint8Array(memory, ports + 4 * KEY_ROWS, KEY_ROWS),
    },
    block: new EventBlock({
      bytes: new Float64Array(memory, data, capacity),
      rate: new Float64Array(memory, data + 8 * capacity, capacity),
      payload: new Float64Array(memory, data + 16 * capacity, capacity),
      code: new Int32Array(memory, data + 24 * capacity, capacity),
    }),
  };
}
