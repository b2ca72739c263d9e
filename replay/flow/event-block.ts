/**
 * What happened, in the one order that every policy sees: the contract between the timelines, which
 * merge opens and closes, and the policies, each of which runs over a whole block at once.
 */

/** A connection opens in a slot and must be given a server. */
export const OPEN = 0;
/** The connection in a slot closes. */
export const CLOSE = 1;
/** The connection in a slot, open or just closed, moved bytes in the current window. */
export const BYTES = 2;
/** A window ends; `bytes` holds how many windows end with nothing happening in between. */
export const WINDOW = 3;

/** Fits the second-level cache with room for the columns of the policies. */
const EVENTS = 8192;

export class EventBlock {
  count = 0;
  readonly capacity = EVENTS;
  /** slot · 4 + kind. */
  readonly code: Int32Array;
  /** Bytes that the event adds to its connection's server in the current window. */
  readonly bytes: Float64Array;
  /** Change of the server's steady rate, in units of `RATE_UNIT` bytes per nanosecond. */
  readonly rate: Float64Array;
  /** Payload that the event adds to its server's total. */
  readonly payload: Float64Array;

  /** Over columns of its own, or over `columns`, each with room for `capacity` events. */
  constructor(columns?: Pick<EventBlock, "code" | "bytes" | "rate" | "payload">) {
    this.code = columns?.code ?? new Int32Array(EVENTS);
    this.bytes = columns?.bytes ?? new Float64Array(EVENTS);
    this.rate = columns?.rate ?? new Float64Array(EVENTS);
    this.payload = columns?.payload ?? new Float64Array(EVENTS);
  }

  push(kind: number, slot: number, bytes: number, rate: number, payload: number): void {
    const i = this.count++;
    this.code[i] = (slot << 2) | kind;
    this.bytes[i] = bytes;
    this.rate[i] = rate;
    this.payload[i] = payload;
  }
}

/**
 * Rates are whole numbers of 2⁻⁴³ bytes per nanosecond (0.1 mB/s): sums of them stay exact however
 * many connections come and go, so that a server whose last connection closes is at 0 again.
 */
export const RATE_UNIT = 2 ** -43;
