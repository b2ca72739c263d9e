/**
 * The mobility header, next header 135 (RFC 6275 section 6.1): messages of Mobile IPv6.
 *
 * ```
 * | Payload Proto |  Header Len   |   MH Type     |   Reserved    |  0
 * |           Checksum            |  message data …
 * ```
 * Header Len counts 8-byte units without the first. The checksum covers a pseudo-header whose
 * source is the home address when a home address option is there (section 6.1.1).
 */
import {
  address,
  bytes,
  decodeFields,
  encodedLength,
  encodeFields,
  type Fields,
  fits,
  fixedLength,
  type Layout,
  OPAQUE,
  u8,
  u16,
  u32,
} from "./layout.ts";
import { MOBILITY_OPTIONS } from "./mobility-options.ts";
import { decodeTlvs, encodeTlvs, type TlvOption } from "./tlv.ts";

export const MH_BRR = 0;
export const MH_HOTI = 1;
export const MH_COTI = 2;
export const MH_HOT = 3;
export const MH_COT = 4;
export const MH_BU = 5;
export const MH_BA = 6;
export const MH_BE = 7;

/** Where a message's own data begins in the header. */
export const MH_DATA_AT = 6;

/** Flag bits of a binding update. */
export const BU_ACK = 0x8000;
export const BU_HOME = 0x4000;

export interface MobilityMessage {
  readonly type: number;
  readonly name: string;
  /** Fields from byte 6; options follow them unless the layout takes the rest. */
  readonly layout: Layout;
  readonly source: string;
}

const message = (type: number, name: string, layout: Layout, source: string): MobilityMessage => ({
  type,
  name,
  layout,
  source,
});

const INIT = [u16("reserved"), bytes("cookie", 8)];
const TEST = [u16("nonceIndex"), bytes("cookie", 8), bytes("token", 8)];
const UPDATE = [u16("sequence"), u16("flags"), u16("lifetime")];
const ACK = [u8("status"), u8("flags"), u16("sequence"), u16("lifetime")];

export const MOBILITY_MESSAGES: ReadonlyMap<number, MobilityMessage> = new Map(
  [
    message(MH_BRR, "BRR", [u16("reserved")], "RFC 6275 section 6.1.2"),
    message(MH_HOTI, "HoTI", INIT, "RFC 6275 section 6.1.3"),
    message(MH_COTI, "CoTI", INIT, "RFC 6275 section 6.1.4"),
    message(MH_HOT, "HoT", TEST, "RFC 6275 section 6.1.5"),
    message(MH_COT, "CoT", TEST, "RFC 6275 section 6.1.6"),
    message(MH_BU, "BU", UPDATE, "RFC 6275 section 6.1.7"),
    message(MH_BA, "BA", ACK, "RFC 6275 section 6.1.8"),
    message(
      MH_BE,
      "BE",
      [u8("status"), u8("reserved"), address("homeAddress")],
      "RFC 6275 section 6.1.9",
    ),
    message(8, "FBU", UPDATE, "RFC 5568 section 6.2.2"),
    message(9, "FBack", ACK, "RFC 5568 section 6.2.3"),
    message(10, "FNA", [u16("reserved")], "RFC 4068 section 6.3.3"),
    message(11, "experiment", OPAQUE, "RFC 5096 section 4"),
    message(12, "home-agent-switch", OPAQUE, "RFC 5142 section 4"),
    message(13, "heartbeat", [u16("flags"), u32("sequence")], "RFC 5847 section 3.3"),
    message(14, "HI", [u16("sequence"), u8("flags"), u8("code")], "RFC 5568 section 6.2.1.1"),
    message(15, "HAck", [u16("sequence"), u8("flags"), u8("code")], "RFC 5568 section 6.2.1.2"),
    message(16, "binding-revocation", OPAQUE, "RFC 5846 section 5"),
    message(17, "localized-routing-initiation", OPAQUE, "RFC 6705 section 9.1"),
    message(18, "localized-routing-acknowledgement", OPAQUE, "RFC 6705 section 9.2"),
    message(19, "update-notification", OPAQUE, "RFC 7077 section 4.1"),
    message(20, "update-notification-acknowledgement", OPAQUE, "RFC 7077 section 4.2"),
    message(21, "flow-binding", OPAQUE, "RFC 7109 section 3"),
    message(22, "subscription-query", OPAQUE, "RFC 7161 section 4.1"),
    message(23, "subscription-response", OPAQUE, "RFC 7161 section 4.2"),
  ].map((row) => [row.type, row]),
);

export const mhPayloadProtocol = (view: DataView, at: number): number => view.getUint8(at);
/** Length of the whole header in bytes. */
export const mhLength = (view: DataView, at: number): number => (view.getUint8(at + 1) + 1) * 8;
export const mhType = (view: DataView, at: number): number => view.getUint8(at + 2);
export const mhChecksum = (view: DataView, at: number): number => view.getUint16(at + 4);

/** `BU`, or `MH type 99`. */
export function mobilityName(type: number): string {
  return MOBILITY_MESSAGES.get(type)?.name ?? `unknown-${type}`;
}

/** Where the options begin in a header of `length` bytes; `length` itself when there are none. */
export function mobilityOptionsAt(type: number, length: number): number {
  const layout = MOBILITY_MESSAGES.get(type)?.layout ?? OPAQUE;
  if (layout.at(-1)?.kind === "rest") return length;
  return Math.min(length, MH_DATA_AT + fixedLength(layout));
}

/** A message as data; `tail` holds what no option walk could read. */
export interface MobilityHeader {
  readonly payloadProtocol: number;
  readonly type: number;
  readonly reserved: number;
  readonly checksum: number;
  readonly fields: Fields;
  readonly options: readonly TlvOption[];
  readonly tail: Uint8Array;
}

/**
 * Decodes the `mhLength` bytes at `at`, all of which lie in the view. A message too short for its
 * layout keeps its bytes in `fields.data`.
 */
export function decodeMobility(view: DataView, at: number): MobilityHeader {
  const length = mhLength(view, at);
  const type = mhType(view, at);
  const optionsAt = mobilityOptionsAt(type, length);
  const known = MOBILITY_MESSAGES.get(type)?.layout ?? OPAQUE;
  const span = optionsAt - MH_DATA_AT;
  const layout = fits(known, span) ? known : OPAQUE;
  const { options, tail } = decodeTlvs(MOBILITY_OPTIONS, view, at + optionsAt, at + length);
  return {
    payloadProtocol: mhPayloadProtocol(view, at),
    type,
    reserved: view.getUint8(at + 3),
    checksum: mhChecksum(view, at),
    fields: decodeFields(layout, view, at + MH_DATA_AT, span),
    options,
    tail,
  };
}

/** The header's bytes. Null when they would not fill a multiple of 8, or exceed 2,048. */
export function encodeMobility(header: MobilityHeader): Uint8Array | null {
  const known = MOBILITY_MESSAGES.get(header.type)?.layout ?? OPAQUE;
  const opaque = header.fields.data !== undefined;
  const layout = opaque ? OPAQUE : known;
  const options = encodeTlvs(MOBILITY_OPTIONS, header.options);
  const optionsAt = MH_DATA_AT + encodedLength(layout, header.fields);
  const length = optionsAt + options.length + header.tail.length;
  if (length % 8 !== 0 || length > 2048) return null;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  out[0] = header.payloadProtocol;
  out[1] = length / 8 - 1;
  out[2] = header.type;
  out[3] = header.reserved;
  view.setUint16(4, header.checksum);
  encodeFields(layout, header.fields, view, MH_DATA_AT);
  out.set(options, optionsAt);
  out.set(header.tail, optionsAt + options.length);
  return out;
}
