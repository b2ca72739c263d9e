/**
 * What happened, in the one order that every policy sees: the contract between the timelines, which
 * merge opens and closes, and the policies, each of which runs over a whole block at once. Events lie
 * in memory as `wasm/event.ts` reads and writes them.
 */

/** A connection opens in a slot and must be given a server. */
export const OPEN = 0;
/** The connection in a slot closes. */
export const CLOSE = 1;
/** The connection in a slot, open or just closed, moved bytes in the current window. */
export const BYTES = 2;
/** A window ends; `bytes` holds how many windows end with nothing happening in between. */
export const WINDOW = 3;

/** Fits the second-level cache with room for what the policies keep. */
const EVENTS = 8192;
/** From one event to the next in `EventBlock.codes`. */
export const CODE_STEP = 8;
const DOUBLES = 4;

export class EventBlock {
  count = 0;
  static readonly capacity = EVENTS;
  readonly capacity = EVENTS;
  /** Where it begins in its memory. */
  readonly address: number;
  /** slot · 4 + kind of event i at `CODE_STEP` · i. */
  readonly codes: Int32Array;
  readonly #doubles: Float64Array;

  /** At byte `address`, a multiple of 8, of `memory`, which has room for `EventBlock.bytes`. */
  constructor(memory: ArrayBufferLike, address: number) {
    this.address = address;
    this.codes = new Int32Array(memory, address, CODE_STEP * EVENTS);
    this.#doubles = new Float64Array(memory, address, DOUBLES * EVENTS);
  }

  static readonly bytes = 8 * DOUBLES * EVENTS;

  /**
   * Adds an event. `bytes` are what its connection's server has more in the current window, `rate`
   * the change of its steady rate in units of `RATE_UNIT`, `payload` what it has more in all.
   */
  push(kind: number, slot: number, bytes: number, rate: number, payload: number): void {
    const i = this.count++;
    this.codes[CODE_STEP * i] = (slot << 2) | kind;
    this.#doubles[DOUBLES * i + 1] = bytes;
    this.#doubles[DOUBLES * i + 2] = rate;
    this.#doubles[DOUBLES * i + 3] = payload;
  }
}

/**
 * Rates are whole numbers of 2⁻⁴³ bytes per nanosecond (0.1 mB/s): sums of them stay exact however
 * many connections come and go, so that a server whose last connection closes is at 0 again.
 */
export const RATE_UNIT = 2 ** -43;
