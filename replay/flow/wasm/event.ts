/** Events as JavaScript lays them out, too: see `event-block.ts`. */

export const OPEN: i32 = 0;
export const CLOSE: i32 = 1;
export const BYTES: i32 = 2;
export const WINDOW: i32 = 3;

@unmanaged
export class Event {
  /** slot · 4 + kind. */
  code: u32;
  bytes: f64;
  rate: f64;
  payload: f64;
}

export const EVENT_BYTES: usize = 32;
