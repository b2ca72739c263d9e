/** Puts what happened in one window, gathered in any order of closes, into the order of events. */

import type { EventBlock } from "./event-block.ts";
import * as event from "./event-block.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { BYTES, CLOSE, OPEN } = event;

const NOT_OPEN = 0;
const IS_OPEN = 1;
/** Its close came before its open, at the same time: the open will find it in `#early`. */
const CLOSED_EARLY = 2;

/** A growing column of numbers. */
class Column {
  values = new Float64Array(256);
  count = 0;

  push(value: number): void {
    if (this.count === this.values.length) {
      const wider = new Float64Array(2 * this.count);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.count++] = value;
  }
}

export class WindowEvents {
  readonly #openTime = new Column();
  readonly #openSlot = new Column();
  readonly #closeTime = new Column();
  readonly #closeSlot = new Column();
  readonly #closePayload = new Column();
  readonly #byteSlot = new Column();
  readonly #bytes = new Column();
  /** Per slot: not open, open, closed early. */
  #state = new Uint8Array(1024);
  /** Closes that wait for the open of their slot, by slot; indices into the columns above. */
  readonly #early = new Map<number, number>();

  /** Times are nanoseconds from the window's beginning; opens come in order. */
  open(slot: number, time: number): void {
    this.#openTime.push(time);
    this.#openSlot.push(slot);
  }

  close(slot: number, time: number, payload: number): void {
    this.#closeTime.push(time);
    this.#closeSlot.push(slot);
    this.#closePayload.push(payload);
  }

  moved(slot: number, bytes: number): void {
    this.#byteSlot.push(slot);
    this.#bytes.push(bytes);
  }

  /**
   * Writes the window's events through `room`, which is asked before each event and returns the
   * block to write to. Bytes come last: their connections are known by then, closed or not.
   */
  emit(slots: number, room: () => EventBlock): void {
    if (slots > this.#state.length) {
      const wider = new Uint8Array(Math.max(slots, Math.ceil(1.5 * this.#state.length)));
      wider.set(this.#state);
      this.#state = wider;
    }
    const order = orderByTime(this.#closeTime.values.subarray(0, this.#closeTime.count));
    const times = this.#closeTime.values;
    const state = this.#state;
    let next = 0;
    for (let i = 0; i < this.#openTime.count; i++) {
      const now = this.#openTime.values[i];
      for (; next < order.length && times[order[next]] <= now; next++) {
        const close = order[next];
        const slot = this.#closeSlot.values[close];
        // Opens and closes at this very time: it has to wait for its own open.
        if (state[slot] === IS_OPEN) this.#close(close, room);
        else {
          state[slot] = CLOSED_EARLY;
          this.#early.set(slot, close);
        }
      }
      const slot = this.#openSlot.values[i];
      room().push(OPEN, slot, 0, 0, 0);
      const early = state[slot] === CLOSED_EARLY ? this.#early.get(slot) : undefined;
      state[slot] = IS_OPEN;
      if (early !== undefined) this.#close(early, room);
    }
    for (; next < order.length; next++) this.#close(order[next], room);
    for (let i = 0; i < this.#bytes.count; i++) {
      room().push(BYTES, this.#byteSlot.values[i], this.#bytes.values[i], 0, 0);
    }
    if (this.#early.size > 0) this.#early.clear();
    this.#openTime.count = this.#openSlot.count = 0;
    this.#closeTime.count = this.#closeSlot.count = this.#closePayload.count = 0;
    this.#byteSlot.count = this.#bytes.count = 0;
  }

  #close(index: number, room: () => EventBlock): void {
    const slot = this.#closeSlot.values[index];
    this.#state[slot] = NOT_OPEN;
    room().push(CLOSE, slot, 0, 0, this.#closePayload.values[index]);
  }
}

/**
 * Indices of `times` in ascending order, equal ones as they stand: a natural merge sort, since
 * closes arrive in a few long ascending runs.
 */
export function orderByTime(times: Float64Array): Int32Array {
  const count = times.length;
  let from = Int32Array.from({ length: count }, (_, i) => i);
  let runs = [0];
  for (let i = 1; i < count; i++) if (times[i] < times[i - 1]) runs.push(i);
  let into = runs.length > 1 ? new Int32Array(count) : from;
  while (runs.length > 1) {
    const merged: number[] = [];
    for (let r = 0; r < runs.length; r += 2) {
      const start = runs[r];
      const middle = runs[r + 1] ?? count;
      const end = runs[r + 2] ?? count;
      merged.push(start);
      let a = start;
      let b = middle;
      for (let at = start; at < end; at++) {
        const left = a < middle && (b >= end || times[from[a]] <= times[from[b]]);
        into[at] = left ? from[a++] : from[b++];
      }
    }
    [from, into] = [into, from];
    runs = merged;
  }
  return from;
}
