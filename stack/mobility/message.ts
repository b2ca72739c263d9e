/** Mobility messages in and out of bytes, with their checksum (RFC 6275 section 6.1.1). */
import type { Fields } from "../../ipopts/v6/layout.ts";
import { decodeMobility, encodeMobility, type MobilityHeader } from "../../ipopts/v6/mobility.ts";
import type { TlvOption } from "../../ipopts/v6/tlv.ts";
import { fold, foldSum, pseudoHeaderV6, sumBytes } from "../wire/checksum.ts";
import { IPPROTO_MOBILITY, IPPROTO_NONE } from "../wire/ipv6.ts";

/** A mobility message on its way, with the addresses that its checksum and its delivery need. */
export interface MobilityPacket {
  /** Addresses of the IPv6 header, 16 bytes. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** From a home address option, or null without one. */
  readonly home: Uint8Array | null;
  /** Home address that a type 2 routing header takes the packet to, or null without one. */
  readonly routedTo: Uint8Array | null;
  /** The mobility header. */
  readonly message: Uint8Array;
}

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

function messageSum(message: Uint8Array, source: Uint8Array, destination: Uint8Array): number {
  const pseudo = pseudoHeaderV6(
    view(source),
    0,
    view(destination),
    0,
    IPPROTO_MOBILITY,
    message.length,
  );
  return sumBytes(view(message), 0, message.length, pseudo);
}

/** Writes the checksum: `source` is the home address where there is one, `destination` the final. */
export function sealMessage(
  message: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
): void {
  view(message).setUint16(4, 0);
  view(message).setUint16(4, fold(messageSum(message, source, destination)));
}

/** Whether the checksum of a received packet is right. */
export function isIntact({
  message,
  source,
  destination,
  home,
  routedTo,
}: MobilityPacket): boolean {
  if (message.length < 8) return false;
  return foldSum(messageSum(message, home ?? source, routedTo ?? destination)) === 0xffff;
}

/** A message of this type with its options; null when they do not fill a multiple of 8 bytes. */
export function buildMessage(
  type: number,
  fields: Fields,
  options: readonly TlvOption[] = [],
): Uint8Array | null {
  const header: MobilityHeader = {
    payloadProtocol: IPPROTO_NONE,
    type,
    reserved: 0,
    checksum: 0,
    fields,
    options,
    tail: new Uint8Array(0),
  };
  return encodeMobility(header);
}

/** The message as data. It must be as long as its length byte says. */
export const readMessage = (message: Uint8Array): MobilityHeader =>
  decodeMobility(view(message), 0);
