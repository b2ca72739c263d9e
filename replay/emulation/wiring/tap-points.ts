/** Where the virtual network can be listened to. */
import type { Link } from "../../network/link.ts";
import { type Tap, Taps } from "../../network/tap.ts";
import type { Network } from "./network.ts";

/**
 * - `clients`: all packets as the clients send and receive them.
 * - `router`: the same line at its other end, the first router.
 * - `server-N`: what server N sends and receives, on all its interfaces; `servers`: all of them.
 */
export const TAP_POINTS = ["clients", "router", "server-N", "servers"] as const;

const both = (first: Tap | null, second: Tap): Tap => (first ? new Taps([first, second]) : second);

const listenSent = (link: Link | undefined, tap: Tap): void => {
  if (link) link.sentTap = both(link.sentTap, tap);
};

const listenArrival = (link: Link | undefined, tap: Tap): void => {
  if (link) link.arrivalTap = both(link.arrivalTap, tap);
};

/** Puts `tap` at `point`. False when the network has no such point. */
export function attachTap(network: Network, point: string, tap: Tap): boolean {
  const { links } = network;
  if (point === "clients") {
    listenSent(links.get("uplink"), tap);
    listenArrival(links.get("downlink"), tap);
    return true;
  }
  if (point === "router") {
    listenArrival(links.get("uplink"), tap);
    listenSent(links.get("downlink"), tap);
    return true;
  }
  const server = /^server-([1-9]\d*)$/.exec(point);
  const last = network.serverLinks.length;
  if (point !== "servers" && (!server || Number(server[1]) > last)) return false;
  const chosen = server ? [Number(server[1])] : Array.from({ length: last }, (_, i) => i + 1);
  for (const number of chosen) {
    for (const suffix of ["", "-exit"]) {
      listenSent(links.get(`from-server-${number}${suffix}`), tap);
      listenArrival(links.get(`server-${number}${suffix}`), tap);
    }
  }
  return true;
}
