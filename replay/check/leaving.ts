/**
 * The header of a forwarded packet for another packet with the same addresses and options: what a
 * kernel wrote is taken over, what is the packet's own (length, identification, lifetime) put in.
 */
import { hexAt, viewOf } from "../../ipopts/bytes.ts";
import { checksum } from "../../stack/wire/checksum.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import type { ReportedVerdict } from "./report.ts";

/** A forwarding verdict on one packet, ready to be used for its likes. */
export interface Leaving {
  readonly profile: string;
  /** The header as it left. */
  readonly header: Uint8Array;
  /** How much the kernel took off the lifetime. */
  readonly hops: number;
}

/** What can be taken over from the IPv4 verdicts on the packet at `at`. */
export function leavingOf(
  view: DataView,
  at: number,
  verdicts: Readonly<Record<string, ReportedVerdict>>,
): Leaving[] {
  return Object.entries(verdicts).flatMap(([profile, { action, header }]) => {
    if (action !== "forward" || header === undefined) return [];
    const bytes = Uint8Array.from(Buffer.from(header, "hex"));
    return [{ profile, header: bytes, hops: ip4.ttl(view, at) - bytes[8] }];
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
    for (let i = 1; i < 8; i++) header[i] = view.getUint8(at + i);
    ip4.setTtl(now, 0, ip4.ttl(view, at) - hops);
    ip4.setHeaderChecksum(now, 0, 0);
    ip4.setHeaderChecksum(now, 0, checksum(now, 0, header.length));
    own[profile] = { ...own[profile], header: hexAt(now, 0, header.length) };
  }
  return own;
}
