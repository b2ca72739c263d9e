/**
 * Options of the hop-by-hop and destination options headers (RFC 8200 sections 4.2 and 4.3), which
 * share one numbering, as IANA's "Destination Options and Hop-by-Hop Options" registry has it.
 */
import { address, OPAQUE, rest, u8, u16, u32 } from "./layout.ts";
import { encodeTlvs, PAD1, type TlvOption, tlv, tlvFamily } from "./tlv.ts";

export const PADN = 1;
export const OPTION_ROUTER_ALERT = 0x05;
export const OPTION_JUMBO = 0xc2;
export const OPTION_HOME_ADDRESS = 0xc9;
export const OPTION_TUNNEL_LIMIT = 0x04;

export const HEADER_OPTIONS = tlvFamily("header option", PADN, [
  tlv(PAD1, "Pad1", [], "RFC 8200 section 4.2"),
  tlv(PADN, "PadN", OPAQUE, "RFC 8200 section 4.2"),
  tlv(OPTION_JUMBO, "jumbo", [u32("payloadLength")], "RFC 2675 section 2", [4, 2]),
  tlv(
    0x23,
    "rpl",
    [u8("flags"), u8("instance"), u16("senderRank"), rest("subTlvs")],
    "RFC 9008 section 4.1",
    [2, 0],
  ),
  tlv(
    0x63,
    "rpl-deprecated",
    [u8("flags"), u8("instance"), u16("senderRank"), rest("subTlvs")],
    "RFC 6553 section 3",
    [2, 0],
  ),
  tlv(OPTION_TUNNEL_LIMIT, "tunnel-encapsulation-limit", [u8("limit")], "RFC 2473 section 4.1.1"),
  tlv(OPTION_ROUTER_ALERT, "router-alert", [u16("value")], "RFC 2711 section 2.1", [2, 0]),
  tlv(
    0x26,
    "quick-start",
    [u8("functionAndRate"), u8("ttl"), u32("nonce")],
    "RFC 4782 section 3.2",
    [4, 0],
  ),
  tlv(
    0x07,
    "calipso",
    [u32("doi"), u8("compartmentWords"), u8("level"), u16("checksum"), rest("compartments")],
    "RFC 5570 section 5",
    [4, 2],
  ),
  tlv(0x08, "smf-dpd", [rest("identifier")], "RFC 6621 section 6.1.1"),
  tlv(OPTION_HOME_ADDRESS, "home-address", [address("address")], "RFC 6275 section 6.3", [8, 6]),
  tlv(0x8a, "endpoint-identification", OPAQUE, "Nimrod, deprecated"),
  tlv(0x8b, "ilnp-nonce", [rest("nonce")], "RFC 6744 section 2", [4, 2]),
  tlv(
    0x8c,
    "line-identification",
    [u8("identifierLength"), rest("identifier")],
    "RFC 6788 section 4",
  ),
  tlv(0x4d, "deprecated-0x4d", OPAQUE, "RFC 7731"),
  tlv(0x6d, "mpl", [u8("flags"), u8("sequence"), rest("seed")], "RFC 7731 section 6.1"),
  tlv(0xee, "dff", [u8("flags"), u16("sequence")], "RFC 6971 section 10"),
  tlv(
    0x0f,
    "performance-metrics",
    [
      u8("scaleReceived"),
      u8("scaleSent"),
      u16("packetSent"),
      u16("packetReceived"),
      u16("deltaReceived"),
      u16("deltaSent"),
    ],
    "RFC 8250 section 3.2",
  ),
  tlv(0x30, "minimum-path-mtu", [u16("minimum"), u16("reported")], "RFC 9268 section 5", [2, 0]),
  tlv(0x11, "ioam", [u8("reserved"), u8("ioamType"), rest("value")], "RFC 9486 section 3", [4, 0]),
  tlv(0x31, "ioam", [u8("reserved"), u8("ioamType"), rest("value")], "RFC 9486 section 3", [4, 0]),
  tlv(0x12, "alternate-marking", [u32("flowAndFlags"), rest("extra")], "RFC 9343 section 3.1"),
  ...[0x1e, 0x3e, 0x5e, 0x7e, 0x9e, 0xbe, 0xde, 0xfe].map((type) =>
    tlv(type, "experiment", OPAQUE, "RFC 4727 section 3.4"),
  ),
]);

/** What a node that does not know an option must do: its two highest type bits. */
export const ACTION_SKIP = 0;
export const ACTION_DISCARD = 1;
/** Discard and answer ICMPv6 4/2 pointing at the type byte. */
export const ACTION_REPORT = 2;
/** The same, unless the packet went to a multicast address. */
export const ACTION_REPORT_UNICAST = 3;

/** The action bits of an option type (RFC 8200 section 4.2). */
export const unknownAction = (type: number): number => type >>> 6;

/** An option header as data: hop-by-hop or destination options. */
export interface OptionsHeader {
  readonly nextHeader: number;
  readonly options: readonly TlvOption[];
  /** Bytes behind the last option that could be delimited, as `decodeTlvs` gives them. */
  readonly tail?: Uint8Array;
}

/** Pad1 for one byte, PadN for more, nothing for none. */
function padding(length: number): TlvOption[] {
  if (length === 0) return [];
  if (length === 1) return [{ type: PAD1, fields: {} }];
  return [{ type: PADN, fields: { data: new Uint8Array(length - 2) } }];
}

/**
 * Puts padding before each option that its alignment asks for, and behind the last to a multiple
 * of 8 bytes. `first` is where the options begin in the header: 2.
 */
export function alignOptions(options: readonly TlvOption[], first = 2): TlvOption[] {
  const out: TlvOption[] = [];
  let at = first;
  for (const option of options) {
    const [n, y] = HEADER_OPTIONS.codecs.get(option.type)?.align ?? [1, 0];
    const gap = (((y - at) % n) + n) % n;
    out.push(...padding(gap), option);
    at += gap + encodeTlvs(HEADER_OPTIONS, [option]).length;
  }
  out.push(...padding((8 - (at % 8)) % 8));
  return out;
}

/**
 * The header's bytes, its length field made from the options: they must fill a multiple of 8 with
 * the two bytes before them, as `alignOptions` sees to. Null when they do not, or exceed 2,048.
 */
export function encodeOptionsHeader(header: OptionsHeader): Uint8Array | null {
  const options = encodeTlvs(HEADER_OPTIONS, header.options);
  const tail = header.tail ?? new Uint8Array(0);
  const length = 2 + options.length + tail.length;
  if (length % 8 !== 0 || length > 2048) return null;
  const out = new Uint8Array(length);
  out[0] = header.nextHeader;
  out[1] = length / 8 - 1;
  out.set(options, 2);
  out.set(tail, 2 + options.length);
  return out;
}
