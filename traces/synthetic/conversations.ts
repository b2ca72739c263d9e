/**
 * A synthetic trace as packets in order of time: every connection's conversation laid out over its
 * own life, all of them merged. Memory follows the connections open at once.
 */
import { ConnectionColumns, copyRows } from "../connection.ts";
import { RandomStream } from "../random.ts";
import { REORDERED_SHARE, RESPONSE_BYTES, RETRANSMITTED_SHARE } from "./olympic96-facts.ts";
import { FrameBuilder } from "./packets.ts";
import type { SyntheticTrace, Transfers } from "./profile.ts";
import { Distribution } from "./quantiles.ts";
import { layOut, segmentsOf } from "./segments.ts";
import { TimeHeap } from "./time-heap.ts";

/** A conversation of the longest response has fewer steps, retransmissions included. */
const MOST_STEPS = 1024;
const BLOCK = 4096;

/**
 * Chance that a conversation is reordered, given that it can be: it has two segments and none sent
 * again. So the published share of all connections is, and no stream shows both faults at once.
 */
const REORDERED = REORDERED_SHARE / unhurtShare();

/** Takes one packet: time in nanoseconds since the origin, and where its bytes are until return. */
export type PacketSink = (time: number, bytes: Uint8Array, length: number) => void;

/** A connection that is open: one row of its own, its steps, and how far it has come. */
interface Conversation {
  row: ConnectionColumns;
  response: number;
  steps: Uint16Array;
  count: number;
  next: number;
}

/** Hands every packet of `trace` to `sink`; `seen` is told of each block of connections first. */
export function makePackets(
  trace: SyntheticTrace,
  seed: number,
  sink: PacketSink,
  seen: (rows: ConnectionColumns, made: Transfers) => void,
): void {
  const random = new RandomStream(seed, "reordering");
  const rows = new ConnectionColumns(BLOCK);
  const made = { response: new Float64Array(BLOCK), retransmitted: new Uint16Array(BLOCK) };
  const open = new OpenConversations(sink);
  for (trace.fill(rows, made); rows.count > 0; trace.fill(rows, made)) {
    seen(rows, made);
    for (let i = 0; i < rows.count; i++) {
      open.sendUntil(rows.start[i]);
      const reordered = random.unit() < REORDERED && made.retransmitted[i] === 0;
      open.begin(rows, i, made.response[i], made.retransmitted[i], reordered);
    }
  }
  open.sendUntil(Number.POSITIVE_INFINITY);
}

class OpenConversations {
  private readonly sink: PacketSink;
  private readonly frames = new FrameBuilder();
  private readonly heap = new TimeHeap();
  private readonly slots: Conversation[] = [];
  private readonly free: number[] = [];

  constructor(sink: PacketSink) {
    this.sink = sink;
  }

  /** Takes in a connection whose start is not before any packet already sent. */
  begin(
    rows: ConnectionColumns,
    i: number,
    response: number,
    repeats: number,
    reordered: boolean,
  ): void {
    const slot = this.free.pop() ?? this.slots.length;
    this.slots[slot] ??= {
      row: new ConnectionColumns(1),
      response: 0,
      steps: new Uint16Array(MOST_STEPS),
      count: 0,
      next: 0,
    };
    const conversation = this.slots[slot];
    copyRows(rows, i, conversation.row, 0, 1);
    conversation.response = response;
    conversation.count = layOut(segmentsOf(response), repeats, reordered, conversation.steps);
    conversation.next = 0;
    this.heap.push(rows.start[i], slot);
  }

  /** Sends every packet whose time is not after `time`. */
  sendUntil(time: number): void {
    const { heap, frames } = this;
    while (heap.size > 0 && heap.time() <= time) {
      const at = heap.time();
      const slot = heap.pop();
      const conversation = this.slots[slot];
      const { row, response, steps, count } = conversation;
      const length = frames.build(row, 0, response, steps[conversation.next]);
      this.sink(at, frames.bytes, length);
      conversation.next++;
      if (conversation.next === count) this.free.push(slot);
      else heap.push(stepTime(row, conversation.next, count), slot);
    }
  }
}

/**
 * When step `n` of `count` happens: the SYN at the start, the last acknowledgement at the end, the
 * others evenly between, on whole microseconds.
 */
function stepTime(row: ConnectionColumns, n: number, count: number): number {
  const microseconds = Math.floor((row.duration[0] / 1000) * (n / (count - 1)));
  return row.start[0] + Math.min(microseconds * 1000, row.duration[0]);
}

/** Share of responses of two segments and more of which none is sent again. */
function unhurtShare(): number {
  const sizes = new Distribution(RESPONSE_BYTES);
  let sum = 0;
  for (let i = 0; i < 1000; i++) {
    const segments = segmentsOf(sizes.at((i + 0.5) / 1000));
    if (segments > 1) sum += (1 - RETRANSMITTED_SHARE) ** segments;
  }
  return sum / 1000;
}
