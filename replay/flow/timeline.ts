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
 */
export interface TimelineSink {
  /**
   * Connections that will open next, in order: rows 0 … count − 1. `slots`, where they are known by
   * now and stay theirs until they close, spare the sink remembering picks in a queue.
   */
  announce(keys: FlowKeys, count: number, slots?: Int32Array): void;
  /** Events that are settled; slots in them lie below `slots`. */
  replay(block: EventBlock, slots: number): void;
}

/** Whose bytes count in a window: `payload` or whole frames, `in` to servers, `out` of them. */
export interface ByteChoice {
  readonly layer: "payload" | "wire";
  readonly direction: "in" | "out" | "both";
}

/** Where a replay's windows lie, in nanoseconds since the trace's origin. */
export interface Span {
  readonly startNs: number;
  readonly windows: number;
}
