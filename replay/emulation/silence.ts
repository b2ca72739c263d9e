/** Ends of connections that disappear without a word: hosts that crash, users who walk away. */
import type { Socket } from "../../stack/socket.ts";
import { enterClosed } from "../../stack/tcp/close.ts";
import { LISTEN } from "../../stack/tcp/state.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import type { Tcp } from "../../stack/tcp/tcp.ts";

/** Takes a stream socket's end away; the peer is told nothing. */
export function discard(tcp: Tcp, so: Socket): void {
  const tcb = so.pcb as Tcb | null;
  so.onReady = null;
  so.context = null;
  if (!tcb) return;
  tcb.receiveBuffer.release(tcp.memory);
  enterClosed(tcp, tcb, null);
  so.close();
}

/** Takes all connections of a stack away, listening sockets excepted. */
export function discardAll(tcp: Tcp): void {
  tcp.table.forEach((tcb) => {
    if (tcb.state === LISTEN) return;
    if (tcb.socket) discard(tcp, tcb.socket);
    else enterClosed(tcp, tcb, null);
  });
}
