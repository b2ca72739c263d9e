/** Connections in order of start as the emulation takes them, with what a capture tells of their pace. */
import type { Activity } from "../../traces/activity.ts";
import { ConnectionColumns, copyRows } from "../../traces/connection.ts";

const BLOCK = 4096;

/**
 * When data moved, nanoseconds after the connection's first packet; NaN where none did. Columns go
 * with the rows of a `ConnectionColumns`.
 */
export interface Pace {
  firstRequest: Float64Array;
  firstResponse: Float64Array;
  lastResponse: Float64Array;
}

/** Rows `first … end − 1`; `pace` is null where the trace does not tell. */
export interface RecordedRows {
  rows: ConnectionColumns;
  pace: Pace | null;
  first: number;
  end: number;
}

class Block implements Pace {
  readonly rows = new ConnectionColumns(BLOCK);
  readonly firstRequest = new Float64Array(BLOCK);
  readonly firstResponse = new Float64Array(BLOCK);
  readonly lastResponse = new Float64Array(BLOCK);
  readonly there = new Uint8Array(BLOCK);
}

/**
 * Makes rows of a capture's activity. A connection is whole only when it has closed, so the rows
 * behind one that is still open wait for it.
 */
export class CaptureRows {
  private readonly blocks = new Map<number, Block>();
  private readonly spare: Block[] = [];
  /** Id of the next row to hand on. */
  private next = 0;
  /** Per slot of the activity: start of the connection, and its pace so far. */
  private started = new Float64Array(1024);
  private firstRequest = new Float64Array(1024);
  private firstResponse = new Float64Array(1024);
  private lastResponse = new Float64Array(1024);

  /** Takes a group of packets in. */
  take(activity: Activity): void {
    const { opened, openedSlot, closed, closedSlot } = activity;
    for (let i = 0; i < opened.count; i++) this.begin(openedSlot[i], opened.start[i]);
    this.follow(activity);
    for (let i = 0; i < closed.count; i++) this.keep(closed, i, closedSlot[i]);
  }

  /** Hands on the rows whose turn has come; each run is good until the next is asked for. */
  *ready(): Generator<RecordedRows> {
    for (;;) {
      const number = Math.floor(this.next / BLOCK);
      const block = this.blocks.get(number);
      if (!block) return;
      const first = this.next - number * BLOCK;
      let end = first;
      while (end < BLOCK && block.there[end] === 1) end++;
      this.next += end - first;
      if (end > first) yield { rows: block.rows, pace: block, first, end };
      if (end < BLOCK) return;
      this.blocks.delete(number);
      block.there.fill(0);
      this.spare.push(block);
    }
  }

  private begin(slot: number, start: number): void {
    if (slot >= this.started.length) this.grow(slot);
    this.started[slot] = start;
    this.firstRequest[slot] = Number.NaN;
    this.firstResponse[slot] = Number.NaN;
    this.lastResponse[slot] = Number.NaN;
  }

  private follow({ packets, slot, time, payload, fromServer }: Activity): void {
    for (let i = 0; i < packets; i++) {
      const connection = slot[i];
      if (connection < 0 || payload[i] === 0) continue;
      const after = time[i] - this.started[connection];
      if (fromServer[i]) {
        if (Number.isNaN(this.firstResponse[connection])) this.firstResponse[connection] = after;
        this.lastResponse[connection] = after;
      } else if (Number.isNaN(this.firstRequest[connection])) {
        this.firstRequest[connection] = after;
      }
    }
  }

  private keep(closed: ConnectionColumns, from: number, slot: number): void {
    const id = closed.id[from];
    const number = Math.floor(id / BLOCK);
    let block = this.blocks.get(number);
    if (!block) {
      block = this.spare.pop() ?? new Block();
      this.blocks.set(number, block);
    }
    const row = id - number * BLOCK;
    copyRows(closed, from, block.rows, row, 1);
    block.firstRequest[row] = this.firstRequest[slot];
    block.firstResponse[row] = this.firstResponse[slot];
    block.lastResponse[row] = this.lastResponse[slot];
    block.there[row] = 1;
  }

  private grow(slot: number): void {
    const room = Math.max(slot + 1, Math.ceil(1.5 * this.started.length));
    const wider = (column: Float64Array) => {
      const copy = new Float64Array(room);
      copy.set(column);
      return copy;
    };
    this.started = wider(this.started);
    this.firstRequest = wider(this.firstRequest);
    this.firstResponse = wider(this.firstResponse);
    this.lastResponse = wider(this.lastResponse);
  }
}
