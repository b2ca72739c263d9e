/** Puts activities made by hand where a table puts its own, for an engine that reads them in place. */
import type { Activity } from "../../traces/activity.ts";
import { ActivityColumns } from "../../traces/activity-columns.ts";
import { copyRows } from "../../traces/connection.ts";
import { TraceMemory } from "../../traces/trace-memory.ts";

export class PlacedActivities {
  readonly memory = new TraceMemory();
  #capacity = 0;
  #columns = this.#place(1);

  /** A copy of `activity`, which the next one overwrites. */
  put(activity: Activity): Activity {
    const { packets, opened, closed } = activity;
    const needed = Math.max(packets, opened.count, closed.count);
    if (needed > this.#capacity) this.#columns = this.#place(2 * needed);
    const columns = this.#columns;
    columns.packets = packets;
    for (const key of ["slot", "time", "payload", "wire", "fromServer"] as const) {
      columns[key].set(activity[key]);
    }
    copyRows(opened, 0, columns.opened, 0, opened.count);
    columns.opened.count = opened.count;
    columns.openedSlot.set(activity.openedSlot);
    copyRows(closed, 0, columns.closed, 0, closed.count);
    columns.closed.count = closed.count;
    columns.closedSlot.set(activity.closedSlot);
    columns.settled = activity.settled;
    return columns;
  }

  #place(packets: number): ActivityColumns {
    const sizes = [ActivityColumns.bytes(packets), 8 * packets, 8 * packets];
    const [at, time, wire] = sizes.map((bytes) => this.memory.place(bytes));
    // Only now: the memory may have grown.
    const { buffer } = this.memory;
    const columns = new ActivityColumns(packets, buffer, at);
    columns.time = new Float64Array(buffer, time, packets);
    columns.wire = new Float64Array(buffer, wire, packets);
    this.#capacity = packets;
    return columns;
  }
}
