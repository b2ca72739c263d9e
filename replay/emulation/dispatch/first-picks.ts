/**
 * Which server a connection's first packet goes to: the flow engine's own sequence of picks. Loads
 * are counted as it counts them, by recorded opens and closes, so that a policy which reads them
 * picks the same servers whatever becomes of the connections here.
 */

import type { ConnectionColumns } from "../../../traces/connection.ts";
import { CloseCalendar } from "../../flow/close-calendar.ts";
import { Slots } from "../../flow/slots.ts";
import type { PolicyPoint } from "./policy-point.ts";

export class FirstPicks {
  private readonly point: PolicyPoint;
  private readonly calendar = new CloseCalendar();
  private readonly slots = new Slots();
  private serverOf = new Uint16Array(1024);

  constructor(point: PolicyPoint) {
    this.point = point;
  }

  /** The server of row `row`, which opens at `opens` nanoseconds, after all asked about before. */
  pick(rows: ConnectionColumns, row: number, opens: number): number {
    while (this.calendar.earliest <= opens) this.close();
    const server = this.point.pickFirst(rows, row);
    this.point.loadChanged(server, 1);
    const slot = this.slots.take();
    if (slot >= this.serverOf.length) {
      const wider = new Uint16Array(2 * this.serverOf.length);
      wider.set(this.serverOf);
      this.serverOf = wider;
    }
    this.serverOf[slot] = server;
    this.calendar.push(slot, opens + Math.max(0, rows.duration[row]));
    return server;
  }

  private close(): void {
    const slot = this.calendar.pop();
    this.point.loadChanged(this.serverOf[slot], -1);
    this.slots.release(slot);
  }
}
