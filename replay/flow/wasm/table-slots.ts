/** What is kept of connections by the table's slots, which it gives out again when it has told of a close. */
import { noteAhead } from "../../../traces/table/wasm/ahead.ts";
import { List, makeList, reserve } from "../../../traces/table/wasm/list.ts";

const WORD: usize = 4;

/** When a connection opened, and the window in which that was logged. */
@unmanaged
export class Opening {
  time: f64;
  window: f64;
}

const OPENING_BYTES: usize = 16;

/** Per slot: our slot for the connection, which lives on until its close is replayed; its `Opening`. */
let owns: List = changetype<List>(0);
let openings: List = changetype<List>(0);

export function beginTableSlots(): void {
  owns = makeList();
  openings = makeList();
}

export function ownOf(slot: i32): i32 {
  return load<i32>(owns.first + <usize>slot * WORD);
}

export function setOwn(slot: i32, own: i32): void {
  store<i32>(owns.first + <usize>slot * WORD, own);
}

export function openingOf(slot: i32): Opening {
  return changetype<Opening>(openings.first + <usize>slot * OPENING_BYTES);
}

/** Makes room for what is kept of the `count` slots at `slots`. */
export function reserveSlots(count: i32, slots: usize): void {
  let last = -1;
  for (let row: usize = 0; row < <usize>count; row++)
    last = max(last, load<i32>(slots + row * WORD));
  const end = <usize>(last + 1);
  reserve(owns, end * WORD);
  reserve(openings, end * OPENING_BYTES);
}

/** Slots from here on are new: memory read before it is written to costs two page faults for one. */
let kept: i32 = 0;

/** Reads what is kept of the `count` slots at `slots`. */
export function readSlots(count: i32, slots: usize): void {
  let sum: u32 = 0;
  for (let row: usize = 0; row < <usize>count; row++) {
    const slot = load<i32>(slots + row * WORD);
    if (slot < kept) {
      sum ^= <u32>ownOf(slot) ^ load<u32>(changetype<usize>(openingOf(slot)));
    } else {
      kept = slot + 1;
    }
  }
  noteAhead(sum);
}
