/**
 * A connection's timers. Each is a deadline in the control block; one wake-up call serves them all.
 *
 * Setting a deadline that lies behind the armed call costs a store, and clearing one always does:
 * the call comes, finds nothing due, and is armed again for what is left.
 */
import { Timer } from "../clock.ts";
import { drop, enterClosed } from "./close.ts";
import { tcpOutput } from "./output.ts";
import { onRetransmitTimeout } from "./recovery.ts";
import { probeKeepAlive } from "./respond.ts";
import { backedOff } from "./rtt.ts";
import { ESTABLISHED, FIN_WAIT_2, isSynchronized, SYN_SENT } from "./state.ts";
import {
  has,
  NEVER,
  type Tcb,
  TF_ACK_NOW,
  TF_DELAYED_ACK,
  TF_FORCE,
  TF_KEEPALIVE,
  TF_PASSIVE,
  TF_PERSIST,
} from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

export class TcbTimer extends Timer {
  private readonly tcp: Tcp;
  private readonly tcb: Tcb;

  constructor(tcp: Tcp, tcb: Tcb) {
    super();
    this.tcp = tcp;
    this.tcb = tcb;
  }

  override expire(now: number): void {
    const { tcp, tcb } = this;
    runTimers(tcp, tcb, now);
    const next = earliest(tcb);
    if (next !== NEVER) armFor(tcp, tcb, next);
  }
}

const earliest = (tcb: Tcb): number =>
  Math.min(tcb.retransmitAt, tcb.delayedAckAt, tcb.keepAt, tcb.waitAt);

/** Sees to it that the wake-up call comes at `at` or before. */
export function armFor(tcp: Tcp, tcb: Tcb, at: number): void {
  const { timer } = tcb;
  if (!timer || (timer.armed && timer.at <= at)) return;
  tcp.stack.clock.schedule(timer, at);
}

/** Clears all deadlines and the wake-up call. */
export function stopTimers(tcp: Tcp, tcb: Tcb): void {
  tcb.retransmitAt = NEVER;
  tcb.delayedAckAt = NEVER;
  tcb.keepAt = NEVER;
  tcb.waitAt = NEVER;
  if (tcb.timer) tcp.stack.clock.cancel(tcb.timer);
}

/** (Re)starts the retransmission timer with the current backoff (RFC 6298 section 5). */
export function startRetransmit(tcp: Tcp, tcb: Tcb, now: number): void {
  tcb.flags &= ~TF_PERSIST;
  tcb.retransmitAt = now + backedOff(tcb, tcb.backoff, tcp.config);
  armFor(tcp, tcb, tcb.retransmitAt);
}

/** Starts to probe a window that is closed. */
export function startPersist(tcp: Tcp, tcb: Tcb, now: number): void {
  const { persistMin, persistMax } = tcp.config;
  const wait = Math.min(Math.max(tcb.rto * 2 ** tcb.backoff, persistMin), persistMax);
  tcb.flags |= TF_PERSIST;
  tcb.retransmitAt = now + wait;
  armFor(tcp, tcb, tcb.retransmitAt);
}

/** Stops either. */
export function stopRetransmit(tcb: Tcb): void {
  tcb.flags &= ~TF_PERSIST;
  tcb.retransmitAt = NEVER;
}

/** The peer was heard: keep-alive begins to count anew (RFC 9293 section 3.8.4). */
export function restartKeepAlive(tcp: Tcp, tcb: Tcb, now: number): void {
  tcb.keepProbes = 0;
  if (!isSynchronized(tcb.state)) return;
  if (!has(tcb, TF_KEEPALIVE)) {
    tcb.keepAt = NEVER;
    return;
  }
  tcb.keepAt = now + tcb.keepIdle;
  armFor(tcp, tcb, tcb.keepAt);
}

/** Ends FIN-WAIT-2 or TIME-WAIT in `after` nanoseconds. */
export function startWait(tcp: Tcp, tcb: Tcb, now: number, after: number): void {
  tcb.waitAt = now + after;
  armFor(tcp, tcb, tcb.waitAt);
}

function runTimers(tcp: Tcp, tcb: Tcb, now: number): void {
  if (tcb.waitAt <= now) {
    tcb.waitAt = NEVER;
    onWaitOver(tcp, tcb);
    return;
  }
  if (tcb.keepAt <= now && !onKeepAlive(tcp, tcb, now)) return;
  if (tcb.retransmitAt <= now && !onRetransmit(tcp, tcb, now)) return;
  if (tcb.delayedAckAt <= now) {
    tcb.delayedAckAt = NEVER;
    if (!has(tcb, TF_DELAYED_ACK)) return;
    tcb.flags = (tcb.flags & ~TF_DELAYED_ACK) | TF_ACK_NOW;
    tcp.stats.delayedAcks++;
    tcpOutput(tcp, tcb);
  }
}

/** 2MSL is over, or the peer never closed its half. */
function onWaitOver(tcp: Tcp, tcb: Tcb): void {
  if (tcb.state === FIN_WAIT_2) tcp.stats.dropped++;
  enterClosed(tcp, tcb, null);
}

/** Retransmission or zero-window probe; false when the connection is gone. */
function onRetransmit(tcp: Tcp, tcb: Tcb, now: number): boolean {
  const { config } = tcp;
  tcb.retransmitAt = NEVER;
  const persist = has(tcb, TF_PERSIST);
  tcb.backoff++;
  const limit = isSynchronized(tcb.state)
    ? config.maxRetransmits
    : has(tcb, TF_PASSIVE)
      ? config.maxSynAckRetransmits
      : config.maxSynRetransmits;
  // A peer that answers probes may keep its window shut for ever (RFC 9293 section 3.8.6.1).
  const silent = !persist || now - tcb.heardAt > config.rtoMax * 4;
  if (tcb.backoff > limit && silent) {
    drop(tcp, tcb, tcb.softError ?? "ETIMEDOUT");
    return false;
  }
  if (!persist) {
    onRetransmitTimeout(tcp, tcb);
    tcpOutput(tcp, tcb);
    return true;
  }
  tcp.stats.persistProbes++;
  startPersist(tcp, tcb, now);
  tcb.flags |= TF_FORCE;
  tcpOutput(tcp, tcb);
  tcb.flags &= ~TF_FORCE;
  return true;
}

/** The limit on establishment, or a keep-alive probe; false when the connection is gone. */
function onKeepAlive(tcp: Tcp, tcb: Tcb, now: number): boolean {
  tcb.keepAt = NEVER;
  if (tcb.state < ESTABLISHED) {
    drop(tcp, tcb, tcb.softError ?? "ETIMEDOUT");
    return false;
  }
  if (tcb.state === SYN_SENT || !has(tcb, TF_KEEPALIVE)) return true;
  if (tcb.keepProbes >= tcb.keepCount) {
    tcp.stats.keepDrops++;
    drop(tcp, tcb, "ETIMEDOUT");
    return false;
  }
  tcb.keepProbes++;
  tcp.stats.keepProbes++;
  tcb.keepAt = now + tcb.keepInterval;
  armFor(tcp, tcb, tcb.keepAt);
  probeKeepAlive(tcp, tcb);
  return true;
}
