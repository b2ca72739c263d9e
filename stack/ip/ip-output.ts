/**
 * `ip_output`: a transport's segment becomes an IPv4 packet on an interface.
 *
 * The steps are 4.4BSD's (Stevens volume 2 chapter 8) with the transmit-path half of the patch
 * between the route and the header: only there are both the source address and the interface known.
 */
import type { ErrorCode } from "../errors.ts";
import type { Mbuf } from "../mbuf.ts";
import type { NextHop } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { isLoopback, isMulticast } from "./addresses.ts";
import { fragment } from "./fragment.ts";
import { chooseHop, sealHeader, sendTo } from "./ip-send.ts";
import { collapseOwnHops, nameStandIns } from "./own-hops.ts";
import { PIN_LENGTH, pinFor, pinOptions, pinPlain } from "./pin-transmit.ts";
import type { SendState } from "./send-options.ts";

/**
 * Sends the transport segment at `m.off`, `m.len` bytes, checksummed over `source` and the final
 * `destination`, and owns `m`. `source` 0 takes the outgoing interface's address (only for senders
 * that put no address in a checksum). `state` is the control block's, null for senders without one
 * (resets, ICMP). Returns why nothing was sent, null when the packet left.
 */
export function ipOutput(
  stack: Stack,
  m: Mbuf,
  source: number,
  destination: number,
  protocol: number,
  state: SendState | null,
): ErrorCode | null {
  stack.stats.localOut++;
  // 1. Options first: they set the header length, and a source route where the packet goes first.
  const { scratch } = stack;
  const options = state?.options ?? null;
  const hasOptions = options !== null && options.bytes.length > 0;
  let firstHop = options?.firstHop || destination;
  scratch.length = 0;
  if (hasOptions) {
    scratch.load(options.bytes, firstHop);

    // 2. Hops that are ourselves, in one pass: the ultimate destination may be this host.
    if (!stack.config.twoPass) firstHop = collapseOwnHops(stack);
  }

  // 3. Route: the control block's as long as the table is as it was.
  let hop: NextHop | null;
  if (state && state.routeTo === firstHop && state.routeGeneration === stack.routes.generation) {
    hop = state.nextHop;
  } else {
    hop = routeTo(stack, m, source, firstHop, protocol, state);
  }
  if (!hop) return refuse(stack, m, "noRoute", "EHOSTUNREACH");
  const out = hop.interface;
  if (hasOptions) nameStandIns(stack, out);

  // 4. Source address.
  const from = source || stack.addresses.pick(out, stack.config.pinAddress);
  if (from === 0) return refuse(stack, m, "noSource", "EADDRNOTAVAIL");

  // 5. The patch: the way back leads through this host's own address.
  const pin = stack.config.pinTx ? pinFor(stack, from, protocol, hop, state) : 0;
  if (pin !== 0 && hasOptions) pinOptions(stack, scratch, pin);

  // 6. Header.
  const header = hasOptions ? 20 + scratch.length : pin !== 0 ? 20 + PIN_LENGTH : 20;
  if (!m.prepend(header) || m.len > 0xffff) return refuse(stack, m, "tooLong", "EMSGSIZE");
  m.ipAt = m.off;
  m.family = 4;
  if (hasOptions) scratch.writeTo(m);
  else if (pin !== 0) pinPlain(stack, m, pin);
  stack.identification = (stack.identification + 1) & 0xffff;
  writeHeader(stack, m, header, from, firstHop, protocol, state);

  // 7. Broadcast only for those who said so. (What a control block has cached is none.)
  const cached = state?.nextHop === hop;
  if (!cached && !state?.broadcast && stack.addresses.isBroadcast(firstHop)) {
    return refuse(stack, m, "broadcastRefused", "EACCES");
  }

  // 8. Fits: send. Else in pieces, unless told not to.
  if (m.len <= out.mtu) {
    sealHeader(m, header);
    sendTo(stack, m, hop);
    return null;
  }
  if (state?.dontFragment) return refuse(stack, m, "needsFragmentation", "EMSGSIZE");
  const failed = fragment(stack, m, hop, out.mtu);
  if (failed) stack.stats.refuse("noBuffers");
  return failed;
}

function refuse(stack: Stack, m: Mbuf, reason: DropReason, error: ErrorCode): ErrorCode {
  stack.stats.refuse(reason);
  m.free();
  return error;
}

/**
 * The next hop to `to`, kept in `state` where every packet would get the same. Choosers see the
 * packet with its header, so among several a provisional one is written into the headroom.
 */
function routeTo(
  stack: Stack,
  m: Mbuf,
  source: number,
  to: number,
  protocol: number,
  state: SendState | null,
): NextHop | null {
  if (stack.addresses.isOwn(to) || isLoopback(to)) {
    return remember(stack, state, to, stack.loopback.onLink);
  }
  const broadcastOn = stack.addresses.broadcastInterface(to);
  if (broadcastOn) return broadcastOn.onLink;
  const route = stack.routes.lookup(to);
  if (!route) return null;
  if (route.hops.length === 1 && !isMulticast(to)) {
    return remember(stack, state, to, route.hops[0]);
  }
  if (!m.prepend(20)) return null;
  m.ipAt = m.off;
  writeHeader(stack, m, 20, source, to, protocol, state);
  m.trimFront(20);
  const hop = chooseHop(stack, route, m);
  return hop && isMulticast(to) ? hop.interface.onLink : hop;
}

function remember(stack: Stack, state: SendState | null, to: number, hop: NextHop): NextHop {
  if (!state) return hop;
  state.routeTo = to;
  state.routeGeneration = stack.routes.generation;
  state.nextHop = hop;
  state.pinSource = 0;
  return hop;
}

function writeHeader(
  stack: Stack,
  m: Mbuf,
  header: number,
  source: number,
  destination: number,
  protocol: number,
  state: SendState | null,
): void {
  const { view, ipAt } = m;
  view.setUint8(ipAt, 0x40 | (header >>> 2));
  view.setUint8(ipAt + 1, state?.tos ?? 0);
  ipv4.setTotalLength(view, ipAt, m.len);
  ipv4.setIdentification(view, ipAt, stack.identification);
  ipv4.setFragmentWord(view, ipAt, state?.dontFragment ? ipv4.IP_DF : 0);
  view.setUint8(ipAt + 8, state?.ttl || stack.config.ttl);
  ipv4.setProtocol(view, ipAt, protocol);
  ipv4.setSource(view, ipAt, source);
  ipv4.setDestination(view, ipAt, destination);
}
