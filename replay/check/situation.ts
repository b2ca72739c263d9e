/** What a verdict depends on besides a header's own bytes. */
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as ip6 from "../../stack/wire/ipv6.ts";
import { type HeaderStack, IS_FIRST_FRAGMENT, IS_LATER_FRAGMENT, IS_QUOTED } from "./headers.ts";

/**
 * What a verdict depends on besides lifetime, addresses and options, in 24 bits: fragment, quote,
 * protocol, and for ICMP the type, for no error answers an error.
 */
export function situation(view: DataView, headers: HeaderStack, i: number): number {
  const kind = headers.flags[i] & (IS_LATER_FRAGMENT | IS_FIRST_FRAGMENT | IS_QUOTED);
  const upper = headers.upper[i];
  const upperAt = headers.upperAt[i];
  const icmp = upper === ip4.IPPROTO_ICMP || upper === ip6.IPPROTO_ICMPV6;
  const type = icmp && upperAt < headers.end[i] ? view.getUint8(upperAt) : 0;
  return (kind << 16) | (upper << 8) | type;
}
