/**
 * A live connection handed from one host to another: its control block as data that survives JSON,
 * a message to a worker or a file, and made a connection again elsewhere.
 *
 * The old host forgets it without a word to the peer; the new one must own the local address and
 * get the peer's packets from now on. Deadlines are kept relative to the hosts' clocks.
 */

import { MILLISECOND } from "../clock.ts";
import type { ErrorCode } from "../errors.ts";
import { type Address, In6Addr } from "../ip6/in6-addr.ts";
import type { Linger, Socket } from "../socket.ts";
import {
  SS_AT_MARK,
  SS_CANT_RECEIVE,
  SS_CANT_SEND,
  SS_CONNECTED,
  SS_DISCONNECTED,
} from "../socket.ts";
import { learnPathMtu, setMaxSegment } from "./mss.ts";
import { seqDiff } from "./sequence.ts";
import { CLOSED, haveReceivedFin, isSynchronized, TIME_WAIT } from "./state.ts";
import { has, NEVER, Tcb, TF_FIN_QUEUED } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";
import { armFor, stopTimers } from "./timers.ts";

/** One connection as plain data. */
export interface ExportedConnection {
  local: string;
  remote: string;
  family: 4 | 6;
  /** Nanoseconds on the old host's clock. */
  exportedAt: number;
  /** The control block's numbers by name; a deadline that is not set is absent. */
  numbers: Record<string, number>;
  softError: ErrorCode | null;
  finEarly: boolean;
  /** Sequence ranges: SACKed by the peer, arrived here early. */
  sacked: number[];
  early: number[];
  /** Unacknowledged and unsent bytes; unread bytes and, behind them, those that arrived early. */
  sending: Uint8Array;
  received: Uint8Array;
  /** How many of `received` are in order. */
  unread: number;
  options: { firstHop: number; bytes: Uint8Array } | null;
  ttl: number;
  tos: number;
  dontFragment: boolean;
  sticky: number;
  /** The socket's own: SO_LINGER, low-water marks, and whether the next octet is at the mark. */
  linger: Linger | null;
  receiveLow: number;
  sendLow: number;
  atMark: boolean;
}

/** Points in time, which differ between hosts. */
const TIMES: readonly (keyof Tcb)[] = [
  "tsRecentAt",
  "rttStart",
  "retransmitAt",
  "delayedAckAt",
  "keepAt",
  "waitAt",
  "heardAt",
  "openedAt",
  "sentAt",
  "challengeAt",
  "cubicEpoch",
];
/** What a point in time says that there is none; on a younger clock, others are negative too. */
const UNSET = -1;
/** Numbers that are the table's, or written by name. */
const NOT_COPIED: readonly string[] = ["chain", "family", "local", "remote"];

/**
 * Takes the connection of `so` out of its host. The socket is closed after; an error name when it
 * is not a synchronized connection.
 */
export function exportConnection(tcp: Tcp, so: Socket): ExportedConnection | ErrorCode {
  const tcb = so.pcb;
  if (!(tcb instanceof Tcb)) return "EBADF";
  if (!isSynchronized(tcb.state)) return "ENOTCONN";
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(tcb)) {
    if (typeof value !== "number" || NOT_COPIED.includes(name)) continue;
    if (Number.isFinite(value)) numbers[name] = value;
  }
  const ranges = tcb.early.pairs;
  const waiting = ranges.length > 0 ? seqDiff(ranges[ranges.length - 1], tcb.rcvNxt) : 0;
  const sending = new Uint8Array(tcb.sendBuffer.length);
  const received = new Uint8Array(tcb.receiveBuffer.length + waiting);
  if (sending.length > 0) tcb.sendBuffer.read(0, sending, 0, sending.length);
  if (received.length > 0) tcb.receiveBuffer.read(0, received, 0, received.length);
  const { options, ttl, tos, dontFragment, sticky } = tcb.ip;
  const exported: ExportedConnection = {
    local: addressText(tcb.local),
    remote: addressText(tcb.remote),
    family: tcb.family,
    exportedAt: tcp.now(),
    numbers,
    softError: tcb.softError,
    finEarly: tcb.finEarly,
    sacked: tcb.sacked.pairs.slice(),
    early: ranges.slice(),
    sending,
    received,
    unread: tcb.receiveBuffer.length,
    options: options && { firstHop: options.firstHop, bytes: options.bytes.slice() },
    ttl,
    tos,
    dontFragment,
    sticky,
    linger: so.linger && { ...so.linger },
    receiveLow: so.receiveLow,
    sendLow: so.sendLow,
    atMark: so.atMark(),
  };
  stopTimers(tcp, tcb);
  tcp.table.remove(tcb);
  tcb.state = CLOSED;
  tcb.socket = null;
  tcp.forget(tcb);
  so.onReady = null;
  so.pcb = null;
  return exported;
}

/** Makes the connection one of this host's, which must own its local address. */
export function importConnection(tcp: Tcp, from: ExportedConnection): Socket | ErrorCode {
  const local = addressOf(from.local);
  const remote = addressOf(from.remote);
  const { stack, memory } = tcp;
  const own =
    typeof local === "number" ? stack.addresses.isOwn(local) : stack.addresses6.find(local);
  if (!own) return "EADDRNOTAVAIL";
  const { numbers } = from;
  if (tcp.table.find(local, numbers.localPort, remote, numbers.remotePort)) return "EADDRINUSE";
  const tcb = tcp.makeTcb(from.family);
  for (const name of Object.keys(tcb)) {
    if (name in numbers && !NOT_COPIED.includes(name)) Reflect.set(tcb, name, numbers[name]);
  }
  tcb.local = local;
  tcb.remote = remote;
  const shift = tcp.now() - from.exportedAt;
  for (const name of TIMES) {
    const at = numbers[name];
    if (at === undefined) Reflect.set(tcb, name, NEVER);
    else if (at !== UNSET) Reflect.set(tcb, name, at + shift);
  }
  // The peer's view of our timestamp clock goes on.
  const ticks = (at: number): number => Math.floor(at / MILLISECOND);
  tcb.tsOffset = (tcb.tsOffset + ticks(from.exportedAt) - ticks(tcp.now())) | 0;
  tcb.softError = from.softError;
  tcb.finEarly = from.finEarly;
  tcb.sacked.pairs.push(...from.sacked);
  tcb.early.pairs.push(...from.early);
  const { sending, received, unread } = from;
  if (sending.length > 0) tcb.sendBuffer.append(memory, sending, 0, sending.length);
  if (unread > 0) tcb.receiveBuffer.append(memory, received, 0, unread);
  const waiting = received.length - unread;
  if (waiting > 0) tcb.receiveBuffer.put(memory, unread, received, unread, waiting);
  tcb.ip.options = from.options;
  tcb.ip.ttl = from.ttl;
  tcb.ip.tos = from.tos;
  tcb.ip.dontFragment = from.dontFragment;
  tcb.ip.sticky = from.sticky;
  learnPathMtu(tcp, tcb);
  setMaxSegment(tcp, tcb);
  tcp.table.connect(tcb);
  for (const at of [tcb.retransmitAt, tcb.delayedAckAt, tcb.keepAt, tcb.waitAt]) {
    if (at !== NEVER) armFor(tcp, tcb, at);
  }
  return openSocket(tcp, tcb, from);
}

/** A socket in the state that the connection's own calls for. */
function openSocket(tcp: Tcp, tcb: Tcb, from: ExportedConnection): Socket {
  const so = tcp.socketFor(tcb);
  so.linger = from.linger;
  so.receiveLow = from.receiveLow;
  so.sendLow = from.sendLow;
  const shut = haveReceivedFin(tcb.state) ? SS_CANT_RECEIVE : 0;
  const connected = tcb.state === TIME_WAIT ? SS_DISCONNECTED : SS_CONNECTED;
  so.state = connected | shut | (has(tcb, TF_FIN_QUEUED) ? SS_CANT_SEND : 0);
  if (from.atMark) so.state |= SS_AT_MARK;
  return so;
}

const addressText = (a: Address): string => (typeof a === "number" ? String(a) : a.toString());
const addressOf = (text: string): Address =>
  text.includes(":") ? In6Addr.parse(text) : Number(text);
