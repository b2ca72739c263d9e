/** Puts another address into a packet that is on its way, its checksums following (RFC 1624). */
import type { Mbuf } from "../../stack/mbuf.ts";
import { updateChecksum } from "../../stack/wire/checksum.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import { setUdpChecksum, udpChecksum } from "../../stack/wire/udp.ts";

/** Where source and destination stand in an IPv4 header. */
export const SOURCE = 12;
export const DESTINATION = 16;

/** Where checksums stand in their headers. */
const HEADER_CHECKSUM = 10;
const TCP_CHECKSUM = 16;
const UDP_CHECKSUM = 6;

/** Writes `address` at `field` of the IPv4 header at `m.off`. Fragments but the first have no sum. */
export function readdress(m: Mbuf, field: number, address: number): void {
  const { view, off } = m;
  const before = view.getUint32(off + field);
  view.setUint32(off + field, address);
  amend(view, off + HEADER_CHECKSUM, before, address);
  if (ipv4.fragmentOffset(view, off) !== 0) return;
  const transport = off + ipv4.headerLength(view, off);
  const protocol = ipv4.protocol(view, off);
  if (protocol === ipv4.IPPROTO_TCP) {
    amend(view, transport + TCP_CHECKSUM, before, address);
  } else if (protocol === ipv4.IPPROTO_UDP && udpChecksum(view, transport) !== 0) {
    amend(view, transport + UDP_CHECKSUM, before, address);
    // 0 would say that there is none.
    if (udpChecksum(view, transport) === 0) setUdpChecksum(view, transport, 0xffff);
  }
}

function amend(view: DataView, at: number, before: number, after: number): void {
  const half = updateChecksum(view.getUint16(at), before >>> 16, after >>> 16);
  view.setUint16(at, updateChecksum(half, before & 0xffff, after & 0xffff));
}
