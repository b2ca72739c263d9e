/** What JavaScript calls (metrics-code.ts). */
import { ahead } from "../../../traces/table/wasm/ahead.ts";
import { allocate, beginHeap } from "../../../traces/table/wasm/memory.ts";
import {
  beginConnections,
  countClosed,
  countOpened,
  latestClose,
  midstreams,
} from "./connections.ts";
import { distinct, ranksAt } from "./distinct-addresses.ts";
import { add, binOfRank, filledFrom, makeHistogram } from "./histogram.ts";

export {
  add,
  ahead,
  allocate,
  beginConnections,
  binOfRank,
  countClosed,
  countOpened,
  distinct,
  filledFrom,
  latestClose,
  makeHistogram,
  midstreams,
  ranksAt,
};

/** To be called first. */
export function begin(): void {
  beginHeap();
}
