/** What an administrator can do to connections. */
import { drop } from "../../stack/tcp/close.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import type { Machine } from "./machine.ts";

/** Ends a connection as tcpdrop(8) does. */
export const endConnection = (machine: Machine, tcb: Tcb): void =>
  drop(machine.tcp, tcb, "ECONNABORTED");
