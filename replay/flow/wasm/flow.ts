/** What JavaScript calls (flow-code.ts). */

import { ahead } from "../../../traces/table/wasm/ahead.ts";
import { allocate, beginHeap } from "../../../traces/table/wasm/memory.ts";
import { beginBlock } from "./block.ts";
import { forgetPicks, picked } from "./fewest-open.ts";
import { beginSlots } from "./own-slots.ts";
import { beginPending } from "./pending.ts";
import {
  account,
  beginServers,
  connectionsOf,
  loadsAt,
  payloadOf,
  peakOf,
  pickFewest,
  picksOf,
  place,
  readPicks,
  windowBytesAt,
} from "./servers.ts";
import {
  beginTimeline,
  finish,
  firstWindow,
  settle,
  takeClosed,
  takeMoved,
  takeOpened,
} from "./timeline.ts";
import { beginEvents } from "./window-events.ts";

export {
  account,
  ahead,
  allocate,
  beginServers,
  connectionsOf,
  finish,
  firstWindow,
  forgetPicks,
  loadsAt,
  payloadOf,
  peakOf,
  picked,
  pickFewest,
  picksOf,
  place,
  readPicks,
  settle,
  takeClosed,
  takeMoved,
  takeOpened,
  windowBytesAt,
};

/** To be called first. */
export function begin(): void {
  beginHeap();
}

/** Begins to make events of a capture, `capacity` at a time at `block`. */
export function beginCapture(windowNs: f64, block: usize, capacity: i32): void {
  beginTimeline(windowNs);
  beginSlots();
  beginPending();
  beginEvents();
  beginBlock(block, capacity);
}
