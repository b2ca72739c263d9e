/** Puts another address into a packet that is on its way, its checksums following (RFC 1624). */
import type { Mbuf } from "../../stack/mbuf.ts";
import { updateChecksum } from "../../stack/wire/checksum.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import { setTcpChecksum, tcpChecksum } from "../../stack/wire/tcp.ts";
import { setUdpChecksum, udpChecksum } from "../../stack/wire/udp.ts";

/** Where source and destination stand in an IPv4 header. */
export const SOURCE = 12;
export const DESTINATION = 16;

/** Where the header's checksum stands. */
const HEADER_CHECKSUM = 10;

/** True for a whole TCP segment in IPv4. */
export function isTcp(m: Mbuf): boolean {
  const { view, off } = m;
  return (
    m.len >= 40 &&
    ipv4.version(view, off) === 4 &&
    ipv4.protocol(view, off) === ipv4.IPPROTO_TCP &&
    ipv4.fragmentOffset(view, off) === 0
  );
}

/** Writes `address` at `field` of the IPv4 header at `m.off`. Fragments but the first have no sum. */
export function readdress(m: Mbuf, field: number, address: number): void {
  const { view, off } = m;
  const at = off + field;
  const changes = [
    [view.getUint16(at), address >>> 16],
    [view.getUint16(at + 2), address & 0xffff],
  ] as const;
  view.setUint32(at, address);
  const transport = off + ipv4.headerLength(view, off);
  const protocol = ipv4.fragmentOffset(view, off) === 0 ? ipv4.protocol(view, off) : 0;
  for (const [before, after] of changes) {
    const sum = view.getUint16(off + HEADER_CHECKSUM);
    view.setUint16(off + HEADER_CHECKSUM, updateChecksum(sum, before, after));
    if (protocol === ipv4.IPPROTO_TCP) {
      setTcpChecksum(view, transport, updateChecksum(tcpChecksum(view, transport), before, after));
    } else if (protocol === ipv4.IPPROTO_UDP && udpChecksum(view, transport) !== 0) {
      const changed = updateChecksum(udpChecksum(view, transport), before, after);
      setUdpChecksum(view, transport, changed || 0xffff);
    }
  }
}
