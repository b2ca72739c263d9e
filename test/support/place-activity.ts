/** Puts activities made by hand where a table puts its own, for an engine that reads them in place. */
import type { Activity, WindowBytes } from "../../traces/activity.ts";
import { ActivityColumns } from "../../traces/activity-columns.ts";
import { copyRows } from "../../traces/connection.ts";
import { TraceMemory } from "../../traces/trace-memory.ts";
import { type MadeMove, MOVE_BYTES, putMoves } from "./moves.ts";

/** All of an activity but its moves, which its packets tell; they may be longer than any. */
export interface MadeActivity extends Omit<Activity, "moved" | "movedAt" | "wire"> {
  wire: Float64Array;
}

export class PlacedActivities {
  readonly memory = new TraceMemory();
  readonly #wanted: WindowBytes;
  #capacity = 0;
  #columns = this.#place(1);
  #moves = { at: 0, room: 0 };
  /** The window that packets are in, and per slot what has moved in it. */
  #window = Number.NEGATIVE_INFINITY;
  readonly #moving = new Map<number, number>();

  /** Moves are told of as `wanted` says. */
  constructor(wanted: WindowBytes) {
    this.#wanted = wanted;
  }

  /** A copy of `activity` with its moves, which the next one overwrites. */
  put(activity: MadeActivity): Activity {
    const { opened, closed, settled } = activity;
    const needed = Math.max(opened.count, closed.count);
    if (needed > this.#capacity) this.#columns = this.#place(2 * needed);
    const columns = this.#columns;
    copyRows(opened, 0, columns.opened, 0, opened.count);
    columns.opened.count = opened.count;
    columns.openedSlot.set(activity.openedSlot);
    copyRows(closed, 0, columns.closed, 0, closed.count);
    columns.closed.count = closed.count;
    columns.closedSlot.set(activity.closedSlot);
    columns.settled = settled;
    const moves = this.#movesOf(activity);
    const movedAt = this.#placeMoves(moves);
    const { slot, time, payload, wire, fromServer, openedSlot, closedSlot } = columns;
    const packets = { packets: 0, slot, time, payload, wire, fromServer };
    const rows = { opened: columns.opened, openedSlot, closed: columns.closed, closedSlot };
    return { ...packets, ...rows, moved: moves.length, movedAt, settled };
  }

  /** As a table tells them: when their window is over or their connection, and late ones at once. */
  #movesOf({ packets, slot, time, ...made }: MadeActivity): MadeMove[] {
    const { windowNs, layer, direction } = this.#wanted;
    const amounts = layer === "wire" ? made.wire : made.payload;
    const moves: MadeMove[] = [];
    for (let i = 0; i < packets; i++) {
      if (slot[i] < 0) continue;
      const window = Math.floor(time[i] / windowNs);
      if (window > this.#window) moves.push(...this.#turnTo(window));
      const counts = direction === "both" || (direction === "out") === (made.fromServer[i] === 1);
      if (!counts || amounts[i] === 0) continue;
      if (window < this.#window) {
        moves.push({ window, bytes: amounts[i], slot: slot[i], late: true });
      } else {
        this.#moving.set(slot[i], (this.#moving.get(slot[i]) ?? 0) + amounts[i]);
      }
    }
    for (const closed of made.closedSlot) moves.push(...this.#tell(closed));
    const settled = Math.floor(made.settled / windowNs);
    if (settled > this.#window && settled < Number.POSITIVE_INFINITY)
      moves.push(...this.#turnTo(settled));
    return moves;
  }

  #turnTo(window: number): MadeMove[] {
    const moves = [...this.#moving.keys()].flatMap((slot) => this.#tell(slot));
    this.#window = window;
    return moves;
  }

  /** What a connection has moved in this window. */
  #tell(slot: number): MadeMove[] {
    const bytes = this.#moving.get(slot);
    this.#moving.delete(slot);
    return bytes === undefined ? [] : [{ window: this.#window, bytes, slot, late: false }];
  }

  #placeMoves(moves: readonly MadeMove[]): number {
    if (moves.length > this.#moves.room) {
      const room = 2 * moves.length;
      this.#moves = { at: this.memory.place(room * MOVE_BYTES), room };
    }
    const { at, room } = this.#moves;
    putMoves(new DataView(this.memory.buffer, at, room * MOVE_BYTES), moves);
    return at;
  }

  #place(rows: number): ActivityColumns {
    const at = this.memory.place(ActivityColumns.bytes(rows));
    this.#capacity = rows;
    return new ActivityColumns(rows, this.memory.buffer, at);
  }
}
