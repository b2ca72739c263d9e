/** The window this side offers (RFC 9293 section 3.8.6), and its scale (RFC 7323 section 2). */
import { TCP_MAX_WINSHIFT } from "./options.ts";
import { seqDiff } from "./sequence.ts";
import { SYN_RECEIVED } from "./state.ts";
import { has, type Tcb, TF_PASSIVE, TF_TIMESTAMPS } from "./tcb.ts";

/** Largest window a header can say without scaling. */
export const TCP_MAXWIN = 65535;

/** The shift that lets a buffer of `bytes` be offered whole. */
export function windowShift(bytes: number): number {
  let shift = 0;
  while (shift < TCP_MAX_WINSHIFT && TCP_MAXWIN << shift < bytes) shift++;
  return shift;
}

/** Room in the receive buffer. */
export const receiveRoom = (tcb: Tcb): number =>
  Math.max(tcb.rcvLimit - tcb.receiveBuffer.length, 0);

/**
 * The window of the next segment in bytes: the room there is, but nothing rather than a little
 * (silly window avoidance), never less than was offered before, never more than the header can say.
 */
function offeredWindow(tcb: Tcb): number {
  let window = receiveRoom(tcb);
  if (window < tcb.rcvLimit / 4 && window < tcb.maxSeg) window = 0;
  const promised = seqDiff(tcb.rcvAdv, tcb.rcvNxt);
  if (window < promised) window = promised;
  return Math.min(window, TCP_MAXWIN << tcb.rcvScale);
}

/** That window as a header without SYN says it: scaled, a part of a unit dropped or made whole. */
export function scaledWindow(tcb: Tcb, roundUp: boolean): number {
  const units = offeredWindow(tcb) / (1 << tcb.rcvScale);
  const up = roundUp && has(tcb, TF_TIMESTAMPS);
  return Math.min(up ? Math.ceil(units) : Math.floor(units), TCP_MAXWIN);
}

/** What arrives now is judged by: room, or what was promised if that is more. */
export function updateReceiveWindow(tcb: Tcb): void {
  const promised = seqDiff(tcb.rcvAdv, tcb.rcvNxt);
  // Before the handshake is over nothing was promised but what the SYN-ACK says.
  const halfOpen = tcb.state === SYN_RECEIVED && has(tcb, TF_PASSIVE);
  tcb.rcvWnd = halfOpen ? promised : Math.max(receiveRoom(tcb), promised);
}
