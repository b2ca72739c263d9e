/** The door through which a TCP can be taught to treat anycast addresses in a way of its own. */
import type { Mbuf } from "../mbuf.ts";
import type { Segment } from "./segment.ts";
import type { Tcb } from "./tcb.ts";

export interface AnycastRules {
  /** `tcb` is about to send its SYN. */
  opening(tcb: Tcb): void;
  /** A SYN has made `tcb`; it is in no table yet, so its addresses may still change. */
  accepting(tcb: Tcb): void;
  /** The connection of a checked segment whose addresses and ports no connection has, or null. */
  adopt(m: Mbuf, seg: Segment): Tcb | null;
}
