/** The connections in waiting of a listening socket (4.4BSD's so_q0 and so_q). */
import type { Tcb } from "./tcb.ts";

export class ListenQueue {
  /** Established connections that may wait for `accept`. */
  backlog: number;
  /** Connections whose handshake is not finished. */
  halfOpen = 0;
  /** When a SYN was last answered with a cookie; such answers are believed for a while after. */
  cookieAt = Number.NEGATIVE_INFINITY;
  private ready: Tcb[] = [];
  private taken = 0;

  constructor(backlog: number) {
    this.backlog = backlog;
  }

  get length(): number {
    return this.ready.length - this.taken;
  }

  get full(): boolean {
    return this.length > this.backlog;
  }

  push(tcb: Tcb): void {
    this.ready.push(tcb);
  }

  /** The one that has waited longest, null when none waits. */
  shift(): Tcb | null {
    if (this.length === 0) return null;
    const tcb = this.ready[this.taken++];
    if (this.taken === this.ready.length) {
      this.ready.length = 0;
      this.taken = 0;
    }
    return tcb;
  }

  /** Takes out one that was reset before it was accepted. */
  remove(tcb: Tcb): void {
    this.ready = this.ready.slice(this.taken).filter((each) => each !== tcb);
    this.taken = 0;
  }
}
