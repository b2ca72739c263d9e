/**
 * IP_OPTIONS as set by a user (4.4BSD `ip_pcbopts`, Linux `ip_options_get`; specification 4.4).
 *
 * The user's list begins with the first hop. BSD takes it out and leaves the rest as the route;
 * Linux takes it out too, and puts the destination at the end.
 */
import type { KernelProfile } from "../config.ts";
import type { ErrorCode } from "../errors.ts";
import type { SendOptions } from "../ip/send-options.ts";
import type { Tcb } from "./tcb.ts";

const EOL = 0;
const NOP = 1;
const LSRR = 131;
const SSRR = 137;
const ADDRESS = 4;
/** Type, length and pointer. */
const ROUTE_HEADER = 3;
const MAX_OPTIONS = 40;

/** What a control block sends for the option bytes `given`, null for none, or EINVAL. */
export function takeUserOptions(
  given: Uint8Array,
  profile: KernelProfile,
): SendOptions | null | ErrorCode {
  if (given.length === 0) return null;
  const linux = profile === "linux";
  // BSD counts the first hop apart: 44 bytes of which 40 go into the header.
  if (!linux && given.length % 4 !== 0) return "EINVAL";
  if (given.length > (linux ? MAX_OPTIONS : MAX_OPTIONS + ADDRESS)) return "EINVAL";
  let bytes: Uint8Array = new Uint8Array((given.length + 3) & ~3);
  bytes.set(given);
  let firstHop = 0;
  let routes = 0;
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at];
    if (type === EOL) break;
    if (type === NOP) {
      at++;
      continue;
    }
    const length = at + 1 < bytes.length ? bytes[at + 1] : 0;
    if (length < 2 || at + length > bytes.length) return "EINVAL";
    if (type === LSRR || type === SSRR) {
      routes++;
      if (linux && (routes > 1 || bytes[at + 2] !== 4 || length % 4 !== 3)) return "EINVAL";
      if (length < ROUTE_HEADER + ADDRESS) return "EINVAL";
      firstHop = readWord(bytes, at + ROUTE_HEADER);
      if (linux) {
        bytes.copyWithin(at + ROUTE_HEADER, at + ROUTE_HEADER + ADDRESS, at + length);
        bytes.fill(0, at + length - ADDRESS, at + length);
        at += length;
      } else {
        bytes[at + 1] = length - ADDRESS;
        const rest = bytes.slice(at + ROUTE_HEADER + ADDRESS);
        bytes.set(rest, at + ROUTE_HEADER);
        bytes = bytes.slice(0, bytes.length - ADDRESS);
        at += length - ADDRESS;
      }
      continue;
    }
    at += length;
  }
  return bytes.length > MAX_OPTIONS ? "EINVAL" : { firstHop, bytes };
}

/** Writes the destination into the slot that Linux keeps for it, once it is known. */
export function completeRoute(tcb: Tcb): void {
  const { options } = tcb.ip;
  if (!options || options.firstHop === 0 || typeof tcb.remote !== "number") return;
  const at = routeAt(options.bytes);
  if (at < 0 || options.bytes[at + 1] < ROUTE_HEADER + ADDRESS) return;
  const last = at + options.bytes[at + 1] - ADDRESS;
  if (readWord(options.bytes, last) !== 0) return;
  for (let i = 0; i < ADDRESS; i++) options.bytes[last + i] = tcb.remote >>> (24 - 8 * i);
}

/** What `getsockopt` answers: BSD with the first hop in front, Linux with it in the list. */
export function userOptions(options: SendOptions | null, profile: KernelProfile): Uint8Array {
  if (!options) return new Uint8Array(0);
  if (options.firstHop === 0) return options.bytes.slice();
  const hop = Uint8Array.of(0, 8, 16, 24).map((_, i) => options.firstHop >>> (24 - 8 * i));
  if (profile !== "linux") return Uint8Array.of(...hop, ...options.bytes);
  const bytes = options.bytes.slice();
  const at = routeAt(bytes);
  const end = at + bytes[at + 1];
  bytes.copyWithin(at + ROUTE_HEADER + ADDRESS, at + ROUTE_HEADER, end - ADDRESS);
  bytes.set(hop, at + ROUTE_HEADER);
  return bytes;
}

function routeAt(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length && bytes[at] !== EOL; ) {
    if (bytes[at] === LSRR || bytes[at] === SSRR) return at;
    at += bytes[at] === NOP ? 1 : Math.max(bytes[at + 1], 2);
  }
  return -1;
}

const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
