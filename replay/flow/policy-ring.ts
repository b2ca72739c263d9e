/**
 * Blocks of events, with the connections that open in them, on their way from the timeline's thread
 * to the policies': a ring of places in shared memory, in which both use them as they lie.
 */
import { Turns } from "../../traces/threads/turns.ts";
import type { FlowKeys } from "../policies/policy.ts";
import { EventBlock } from "./event-block.ts";
import { keyRows } from "./key-rows.ts";
import type { Span, TimelineSink } from "./timeline.ts";

/** Enough that neither side waits for the other's short pauses. */
export const PLACES = 8;
const TURNS_BYTES = 64;

/** Turns at a place. */
export const TO_FILL = 0;
export const TO_REPLAY = 1;

/** What the head tells: events, the number all slots are below, connections announced. */
const HEAD_EVENTS = 0;
const HEAD_BOUND = 1;
const HEAD_ROWS = 2;
/** Behind the last event of all: where the first window began. */
const HEAD_START = 3;
const HEAD = 4;
/** In place of events: there are no more. */
const THE_END = -1;

const ROW_BYTES = 16 + 16 + 2 + 2 + 1 + 4;
/** A multiple of 8. */
const PLACE_BYTES =
  8 * HEAD + EventBlock.bytes + 8 * Math.ceil((ROW_BYTES * EventBlock.capacity) / 8);
/** Bytes of memory that the ring takes. */
export const RING_BYTES = TURNS_BYTES + PLACES * PLACE_BYTES;

export class RingPlace {
  readonly block: EventBlock;
  readonly #head: Float64Array;
  readonly #keys: FlowKeys;
  readonly #slots: Int32Array;

  constructor(memory: ArrayBufferLike, address: number) {
    let end = address;
    const place = (bytes: number): number => {
      const begin = end;
      end += bytes;
      return begin;
    };
    this.#head = new Float64Array(memory, place(8 * HEAD), HEAD);
    this.block = new EventBlock(memory, place(EventBlock.bytes));
    const rows = this.block.capacity;
    this.#slots = new Int32Array(memory, place(4 * rows), rows);
    this.#keys = {
      client: new Uint32Array(memory, place(16 * rows), 4 * rows),
      server: new Uint32Array(memory, place(16 * rows), 4 * rows),
      clientPort: new Uint16Array(memory, place(2 * rows), rows),
      serverPort: new Uint16Array(memory, place(2 * rows), rows),
      protocol: new Uint8Array(memory, place(rows), rows),
    };
  }

  clear(): void {
    this.block.count = 0;
    this.#head.fill(0);
  }

  /** As `TimelineSink` has it: at most as many in all as the block holds events. */
  announce(keys: FlowKeys, first: number, end: number, slots: Int32Array, bound: number): void {
    const at = this.#head[HEAD_ROWS];
    const { client, server, clientPort, serverPort, protocol } = keyRows(keys, first, end);
    const count = end - first;
    this.#keys.client.set(client.subarray(0, 4 * count), 4 * at);
    this.#keys.server.set(server.subarray(0, 4 * count), 4 * at);
    this.#keys.clientPort.set(clientPort.subarray(0, count), at);
    this.#keys.serverPort.set(serverPort.subarray(0, count), at);
    this.#keys.protocol.set(protocol.subarray(0, count), at);
    this.#slots.set(slots.subarray(0, count), at);
    this.#head[HEAD_ROWS] = at + count;
    this.#head[HEAD_BOUND] = bound;
  }

  /** Ends the block. */
  seal(bound: number): void {
    this.#head[HEAD_EVENTS] = this.block.count;
    this.#head[HEAD_BOUND] = bound;
  }

  /** Says that there is nothing more. */
  setEnd(startNs: number): void {
    this.#head[HEAD_EVENTS] = THE_END;
    this.#head[HEAD_START] = startNs;
  }

  /** What all came to, if it is over. */
  get span(): Span | null {
    const over = this.#head[HEAD_EVENTS] === THE_END;
    return over ? { startNs: this.#head[HEAD_START], windows: 0 } : null;
  }

  /** Lets `sink` replay it. */
  replay(sink: TimelineSink): void {
    const bound = this.#head[HEAD_BOUND];
    const rows = this.#head[HEAD_ROWS];
    if (rows > 0) sink.announce(this.#keys, 0, rows, this.#slots, bound);
    this.block.count = this.#head[HEAD_EVENTS];
    sink.replay(this.block, bound);
  }
}

/** The places and whose turn it is at each; both threads make them over the same memory. */
export class PolicyRing {
  readonly turns: Turns;
  readonly places: readonly RingPlace[];

  /** It lies in `memory` from byte `at` on, the beginning of a cache line. */
  constructor(memory: ArrayBufferLike, at: number) {
    this.turns = new Turns(new Int32Array(memory, at, PLACES + 1));
    this.places = Array.from(
      { length: PLACES },
      (_, i) => new RingPlace(memory, at + TURNS_BYTES + i * PLACE_BYTES),
    );
  }
}
