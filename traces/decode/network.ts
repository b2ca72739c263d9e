/** From an EtherType to the IP packet it announces. */
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../../stack/wire/ethernet.ts";
import type { DecodeContext } from "./context.ts";
import { LAYER_CUT } from "./frame.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";
import { SKIP_ARP, SKIP_LINK_CUT, SKIP_NOT_IP } from "./skip-reasons.ts";

/** Decodes what a link layer or tunnel led to (an EtherType or a `LAYER_*`) into `row`. */
export function decodeNetwork(context: DecodeContext, row: number, type: number): number {
  if (type === ETHERTYPE_IPV4) return decodeIpv4(context, row);
  if (type === ETHERTYPE_IPV6) return decodeIpv6(context, row);
  if (type === ETHERTYPE_ARP) return SKIP_ARP;
  return type === LAYER_CUT ? SKIP_LINK_CUT : SKIP_NOT_IP;
}
