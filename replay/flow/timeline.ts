/** What both timelines hand on, and the rules of time that both obey. */
import type { FlowKeys } from "../policies/policy.ts";
import type { EventBlock } from "./event-block.ts";

/**
 * Order of events, the same from a capture and from a flow trace:
 *
 * - Connections open in order of start. Before one opens, all connections opened earlier whose
 *   close is at that very time or before have closed: a server freed at t can be picked at t.
 * - A connection of zero duration closes before the next one opens, and counts for its own peak.
 * - Window k is [k·w, (k + 1)·w) from the trace's origin; its sample is the state after all its
 *   events. The first window is that of the first event, the last one that of the last event.
 * - A slot stands for one connection in a block: it is used again in a later one at the earliest.
 */
export interface TimelineSink {
  /** The block that is to be filled next, empty; null when the sink has to be waited for. */
  room(): EventBlock | null;
  /**
   * Connections that will open next, in order: rows `first` … `end` − 1. Their `slots` lie below
   * `bound`, and are theirs until they close.
   */
  announce(keys: FlowKeys, first: number, end: number, slots: Int32Array, bound: number): void;
  /** Events that are settled, in the block that `room` gave; slots in them lie below `slots`. */
  replay(block: EventBlock, slots: number): void;
}

/** Where a replay's windows lie, in nanoseconds since the trace's origin. */
export interface Span {
  readonly startNs: number;
  readonly windows: number;
}
