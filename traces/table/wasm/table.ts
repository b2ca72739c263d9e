/** What JavaScript calls (connection-table.ts). */
import { Activity } from "./activity.ts";
import { sweep } from "./address-book.ts";
import { ahead } from "./ahead.ts";
import { beginClosing, finishAll, finishLingering } from "./closer.ts";
import { beginFollowing, clock, follow, packets } from "./follow.ts";
import { beginLooking, lookUp } from "./keys.ts";
import { beginLingering } from "./linger.ts";
import { beginHeap } from "./memory.ts";
import { beginMoves, reserveMoves, tellMoving } from "./moves.ts";
import { beginOpening } from "./opener.ts";
import { inUse, recycle, reserveRecords } from "./records.ts";
import { earliestClose, visit } from "./rounds.ts";
import { ROW_BYTES } from "./row.ts";
import { reserveSlots } from "./slots.ts";

export { ahead };

/** Packets after which those that are over are looked for. */
const CHUNK: i32 = 256;
/** Packets after which records are given free: as many as the largest group has. */
const GENERATION: i32 = 8192;
/** Two addresses. */
const V6_BYTES: usize = 32;

let told: bool = false;
let settledTo: f64 = -Infinity;

/**
 * Begins a table in the memory of a trace; see `TableOptions`. `packets`: whether every one is told of;
 * `windowNs`: of how long windows it is told what connections moved in them, 0 for none.
 */
export function begin(
  idleTcp: f64,
  idleUdp: f64,
  hasService: bool,
  packets: bool,
  windowNs: f64,
  onWire: bool,
  unwanted: i32,
): void {
  told = packets;
  beginHeap();
  beginLingering();
  beginClosing(idleTcp, idleUdp);
  beginLooking(CHUNK);
  beginFollowing();
  beginOpening(hasService, packets || windowNs > 0);
  beginMoves(windowNs, onWire, unwanted);
}

/** Connections followed now, those that linger included. */
export function size(): i32 {
  return inUse;
}

/**
 * Takes in the `count` rows at `rows`, with IPv6 addresses at `v6`: packets `place …` of a group.
 *
 * What is done beside following them is done at certain packets of the trace, however its packets
 * are grouped: so the same comes of them whatever they come in, and whoever else takes part.
 */
export function take(rows: usize, v6: usize, count: i32, place: i32, activity: Activity): void {
  for (let done = 0; done < count; ) {
    const more = min(count - done, CHUNK - (<i32>packets & (CHUNK - 1)));
    takeChunk(
      rows + <usize>done * ROW_BYTES,
      v6 + <usize>done * V6_BYTES,
      more,
      place + done,
      activity,
    );
    done += more;
  }
}

function takeChunk(rows: usize, v6: usize, count: i32, place: i32, activity: Activity): void {
  reserveRecords(count);
  reserveSlots(count);
  reserveMoves(count);
  const end = rows + <usize>count * ROW_BYTES;
  lookUp(rows, end, v6);
  follow(rows, end, place, told, activity);
  const number = <i32>packets;
  if ((number & (CHUNK - 1)) !== 0) return;
  finishLingering(packets, activity);
  visit(CHUNK, clock, activity);
  sweep();
  if ((number & (GENERATION - 1)) === 0) recycle();
}

/** Reports some of what is left, the trace being over. */
export function end(activity: Activity): void {
  tellMoving(activity);
  finishAll(clock, activity);
  sweep();
}

/** `Activity.settled`: every close before this time has been reported. */
export function settled(): f64 {
  const now = min(clock, earliestClose());
  if (now > settledTo) settledTo = now;
  return settledTo;
}
