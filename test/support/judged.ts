/** Packets for the kernel profiles, and their verdicts as one line of text. */

import { dottedQuad, parseDottedQuad } from "../../ipopts/address.ts";
import { headerChecksum } from "../../ipopts/profiles/header.ts";
import { Judge } from "../../ipopts/profiles/judge.ts";
import type { Profile } from "../../ipopts/profiles/table.ts";
import type { Verdict } from "../../ipopts/profiles/verdict.ts";
import type { World } from "../../ipopts/profiles/world.ts";
import { hex, toHex, viewOfBytes } from "./options.ts";

export interface PacketFields {
  readonly source?: string;
  readonly destination: string;
  /** Hexadecimal; padded with zeros to a whole word. */
  readonly options?: string;
  /** Identification; 1 unless told. */
  readonly id?: number;
  readonly ttl?: number;
  readonly protocol?: number;
  /** Flags and fragment offset, as the header's 16-bit word. */
  readonly fragment?: number;
  /** Hexadecimal. */
  readonly payload?: string;
}

/** Number of a dotted quad in a test table. */
export const quad = (text: string): number => parseDottedQuad(text) ?? Number.NaN;

/** An IPv4 packet with its header checksum right. */
export function ipPacket(fields: PacketFields): Uint8Array {
  const area = hex(fields.options ?? "");
  const headerLength = 20 + ((area.length + 3) & ~3);
  const payload = hex(fields.payload ?? "04570009000a00006869");
  const bytes = new Uint8Array(headerLength + payload.length);
  const view = viewOfBytes(bytes);
  view.setUint8(0, 0x40 | (headerLength >>> 2));
  view.setUint16(2, bytes.length);
  view.setUint16(4, fields.id ?? 1);
  view.setUint16(6, fields.fragment ?? 0);
  view.setUint8(8, fields.ttl ?? 64);
  view.setUint8(9, fields.protocol ?? 17);
  view.setUint32(12, quad(fields.source ?? "192.0.2.1"));
  view.setUint32(16, quad(fields.destination));
  bytes.set(area, 20);
  bytes.set(payload, headerLength);
  view.setUint16(10, headerChecksum(view, 0, headerLength));
  return bytes;
}

/** The verdict of one profile in one world. */
export const judged = (profile: Profile, world: World, packet: Uint8Array): Verdict =>
  new Judge(world).judge(profile, viewOfBytes(packet), 0, packet.length);

/**
 * `accept DST options / reply`, `forward DEV DST ttl N options`, `icmp T/C pointer` or `drop`;
 * options as hexadecimal text.
 */
export function verdictLine(verdict: Verdict): string {
  const view = verdict.headerView;
  switch (verdict.action) {
    case "accept": {
      const reply = toHex(verdict.reply.subarray(0, verdict.replyLength));
      return `accept ${dottedQuad(verdict.destination)} ${verdict.optionsHex()} / ${reply}`.trimEnd();
    }
    case "forward": {
      const to = dottedQuad(view.getUint32(16));
      return `forward ${verdict.dev} ${to} ttl ${view.getUint8(8)} ${verdict.optionsHex()}`.trimEnd();
    }
    case "icmp": {
      const pointer = verdict.pointer < 0 ? "" : ` ${verdict.pointer}`;
      return `icmp ${verdict.type}/${verdict.code}${pointer}`;
    }
    default:
      return "drop";
  }
}
