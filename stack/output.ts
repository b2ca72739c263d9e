/** What transports ask of IP, for either family. */
import { pinOnTransmit } from "../ipopts/pin.ts";
import type { Interface } from "./interface.ts";
import { isLoopback } from "./ip/addresses.ts";
import { OPTIONS_AT } from "./ip/header-scratch.ts";
import type { SendState } from "./ip/send-options.ts";
import { isLinkLocal } from "./ip6/addresses6.ts";
import type { Address } from "./ip6/in6-addr.ts";
import type { Route } from "./route-table.ts";
import type { Stack } from "./stack.ts";

/**
 * IP option bytes that each segment from `source` will carry beside the fixed header: those of the
 * control block, and the pin that `ipOutput` puts in. TCP takes them off its segments (RFC 6691);
 * with `noMssFix` it is told 0. IPv6 routing headers are counted by their length.
 */
export function optionOverhead(stack: Stack, source: Address, state: SendState | null): number {
  if (stack.config.noMssFix) return 0;
  if (typeof source !== "number") return state?.extension?.bytes.length ?? 0;
  return (state?.options?.bytes.length ?? 0) + pinOverhead(stack, source, state);
}

/**
 * Bytes by which the transmit-path pin lengthens packets from `source`: 8, 4 in a source route that
 * does not lead through us yet, 0 where nothing is put in.
 */
export function pinOverhead(stack: Stack, source: number, state: SendState | null): number {
  if (!stack.config.pinTx || !stack.addresses.isAnycast(source)) return 0;
  const options = state?.options;
  if (!options || options.bytes.length === 0) return 8;
  if (stack.addresses.isOwn(options.firstHop)) return 0;
  const { scratch } = stack;
  scratch.load(options.bytes, options.firstHop);
  const { walk, view, length } = scratch;
  const pinned = pinOnTransmit(walk, view, OPTIONS_AT, length, 0, stack.addresses);
  return typeof pinned === "number" ? pinned - length : 0;
}

/** Bytes of the largest packet that gets to `destination` without being cut up, as far as known. */
export function pathMtu(stack: Stack, destination: Address): number {
  const out = interfaceTo(stack, destination);
  return stack.pathMtu.get(destination, out ? out.mtu : 576);
}

/** MTU of the interface that packets to `destination` leave by: what an MSS option is made of. */
export const linkMtu = (stack: Stack, destination: Address): number =>
  interfaceTo(stack, destination)?.mtu ?? 576;

/** The plain own address to talk to `destination` from, null without a route. */
export function sourceFor(stack: Stack, destination: Address): Address | null {
  const out = interfaceTo(stack, destination);
  if (!out) return null;
  if (typeof destination !== "number") {
    if (out.loopback) return destination;
    return stack.addresses6.sourceFor(out, isLinkLocal(destination));
  }
  if (out.loopback) return destination;
  return stack.addresses.pick(out, stack.config.pinAddress) || null;
}

/** The interface that packets to `destination` leave by, loopback for own addresses. */
function interfaceTo(stack: Stack, destination: Address): Interface | null {
  if (typeof destination === "number") {
    if (stack.addresses.isOwn(destination) || isLoopback(destination)) return stack.loopback;
    return firstUp(stack.routes.lookup(destination));
  }
  if (stack.addresses6.find(destination)) return stack.loopback;
  const view = new DataView(new ArrayBuffer(16));
  destination.write(view, 0);
  return firstUp(stack.routes6.lookupAt(view, 0));
}

function firstUp(route: Route | null): Interface | null {
  return route?.hops.find((hop) => hop.interface.up)?.interface ?? null;
}
