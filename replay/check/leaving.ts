/**
 * The header of a forwarded packet for another packet with the same addresses and options: what a
 * kernel wrote is taken over, what is the packet's own put in. That is, for IPv4, length,
 * identification, fragment, lifetime and the checksum; for IPv6, the first eight bytes.
 */
import { hexAt, viewOf } from "../../ipopts/bytes.ts";
import { checksum } from "../../stack/wire/checksum.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as ip6 from "../../stack/wire/ipv6.ts";
import type { ReportedVerdict } from "./report.ts";

/** A forwarding verdict on one packet, ready to be used for its likes. */
export interface Leaving {
  readonly profile: string;
  /** The header as it left. */
  readonly header: Uint8Array;
  /** How much the kernel took off the lifetime. */
  readonly hops: number;
}

const lifetime = (view: DataView, at: number): number =>
  ip4.version(view, at) === 4 ? ip4.ttl(view, at) : ip6.hopLimit(view, at);

/** What can be taken over from the verdicts on the packet at `at`. */
export function leavingOf(
  view: DataView,
  at: number,
  verdicts: Readonly<Record<string, ReportedVerdict>>,
): Leaving[] {
  return Object.entries(verdicts).flatMap(([profile, { action, header }]) => {
    if (action !== "forward" || header === undefined) return [];
    const bytes = Uint8Array.from(Buffer.from(header, "hex"));
    return [{ profile, header: bytes, hops: lifetime(view, at) - lifetime(viewOf(bytes), 0) }];
  });
}

/** The verdicts with the headers as the packet at `at` leaves. */
export function withLeaving(
  verdicts: Readonly<Record<string, ReportedVerdict>>,
  leaving: readonly Leaving[],
  view: DataView,
  at: number,
): Record<string, ReportedVerdict> {
  const own = { ...verdicts };
  for (const { profile, header, hops } of leaving) {
    const now = viewOf(header);
    const left = lifetime(view, at) - hops;
    for (let i = 1; i < 8; i++) header[i] = view.getUint8(at + i);
    if (ip4.version(now, 0) === 4) {
      ip4.setTtl(now, 0, left);
      ip4.setHeaderChecksum(now, 0, 0);
      ip4.setHeaderChecksum(now, 0, checksum(now, 0, header.length));
    } else {
      header[0] = view.getUint8(at);
      ip6.setHopLimit(now, 0, left);
    }
    own[profile] = { ...own[profile], header: hexAt(now, 0, header.length) };
  }
  return own;
}
