/** The bytes of the option, and which packets belong to flows. */
import type { Mbuf } from "../../../stack/mbuf.ts";
import { checksum } from "../../../stack/wire/checksum.ts";
import * as ipv4 from "../../../stack/wire/ipv4.ts";
import { TH_FIN, TH_RST } from "../../../stack/wire/tcp.ts";
import type { PacketFields } from "../../network/packet-fields.ts";
import { readdress, SOURCE } from "../readdress.ts";

/** Copied, class 0, number 30: one of the experimental ones of RFC 4727. */
const TYPE = 158;
export const OPTION_LENGTH = 8;
const MOST_HEADER = 60;

const CHECKSUM_AT = 10;

/** Nanoseconds without a packet until a flow is forgotten: RFC 1122's keep-alive, BSD's 2MSL. */
const OPEN_LIFE = 7200e9;
const CLOSED_LIFE = 60e9;

/** How much longer a flow is remembered after that packet. */
export const lifeOf = ({ flags }: PacketFields): number =>
  flags & (TH_FIN | TH_RST) ? CLOSED_LIFE : OPEN_LIFE;

/** Sends `m` from `unicast`, its source so far named in front of all options, if there is room. */
export function identify(m: Mbuf, unicast: number): void {
  const header = ipv4.headerLength(m.view, m.off);
  if (header + OPTION_LENGTH > MOST_HEADER) return;
  const shared = ipv4.source(m.view, m.off);
  readdress(m, SOURCE, unicast);
  if (!m.prepend(OPTION_LENGTH)) return;
  const { view, bytes, off } = m;
  bytes.copyWithin(off, off + OPTION_LENGTH, off + OPTION_LENGTH + 20);
  view.setUint32(off + 20, (TYPE << 24) | (OPTION_LENGTH << 16));
  view.setUint32(off + 24, shared);
  const length = header + OPTION_LENGTH;
  ipv4.setHeaderLength(view, off, length);
  ipv4.setTotalLength(view, off, m.len);
  view.setUint16(off + CHECKSUM_AT, 0);
  view.setUint16(off + CHECKSUM_AT, checksum(view, off, length));
}

/** The address that the packet's first option names; 0 without one, or in a damaged header. */
export function identity(m: Mbuf): number {
  const { view, off } = m;
  const header = ipv4.headerLength(view, off);
  if (header < 20 + OPTION_LENGTH || header > m.len) return 0;
  if (view.getUint16(off + 20) !== ((TYPE << 8) | OPTION_LENGTH)) return 0;
  return checksum(view, off, header) === 0 ? view.getUint32(off + 24) : 0;
}

/** True for a packet of a flow: TCP or UDP, whole, to or from an address without a source route. */
export function isOfFlow(m: Mbuf, fields: PacketFields): boolean {
  if (!fields.read(m) || fields.isError) return false;
  if (ipv4.moreFragments(m.view, m.off)) return false;
  return fields.destination === ipv4.destination(m.view, m.off);
}
