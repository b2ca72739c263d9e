/** Packets through `anypin check`'s checker, and their reports. */

import { Checker } from "../../replay/check/checker.ts";
import { packetReport } from "../../replay/check/packet-report.ts";
import type { HeaderReport, PacketReport } from "../../replay/check/report.ts";
import { PROFILE_NAMES } from "../../replay/check/verdicts.ts";
import { anyWorld, type Worlds } from "../../replay/check/world.ts";
import { fold, pseudoHeaderV4, sumBytes } from "../../stack/wire/checksum.ts";
import { hexBytes, toHex, viewOf } from "./ipv6-packet.ts";
import { ipPacket, type PacketFields, quad } from "./judged.ts";

/** A checker of all profiles that reports on whatever has options. */
export const testChecker = (worlds: Worlds = anyWorld(), all = false): Checker =>
  new Checker({ worlds, profiles: PROFILE_NAMES, judged: PROFILE_NAMES, all, lines: null });

/** The report of one packet, of which `captured` bytes are there. */
export function reportOf(
  checker: Checker,
  packet: Uint8Array,
  captured = packet.length,
): PacketReport | null {
  const view = viewOf(packet);
  checker.check(view, 0, captured, packet.length);
  return packetReport(checker, view, 1);
}

/** The report of one packet that must have one. */
export function checked(packet: Uint8Array, captured = packet.length): PacketReport {
  const report = reportOf(testChecker(), packet, captured);
  if (report === null) throw new Error("nothing to report");
  return report;
}

/** `code@offset` of each finding. */
export const codes = ({ findings }: HeaderReport): string[] =>
  findings.map(({ code, offset }) => `${code}@${offset}`);

export interface SegmentFields {
  source: string;
  /** Final destination, for the checksum; `destination` of the packet unless given. */
  final?: string;
  destination: string;
  options?: string;
  sourcePort?: number;
  destinationPort?: number;
  sequence?: number;
  acknowledgment?: number;
  flags: number;
  payload?: number;
  mss?: number;
  id?: number;
}

/** A TCP segment in an IPv4 packet, both checksums right. */
export function tcpPacket(fields: SegmentFields): Uint8Array {
  const options = fields.mss === undefined ? "" : `0204${fields.mss.toString(16).padStart(4, "0")}`;
  const segment = new Uint8Array(20 + options.length / 2 + (fields.payload ?? 0)).fill(0x61, 20);
  const view = viewOf(segment);
  view.setUint16(0, fields.sourcePort ?? 40000);
  view.setUint16(2, fields.destinationPort ?? 80);
  view.setUint32(4, fields.sequence ?? 1);
  view.setUint32(8, fields.acknowledgment ?? 0);
  view.setUint8(12, ((20 + options.length / 2) / 4) << 4);
  view.setUint8(13, fields.flags);
  view.setUint16(14, 0xffff);
  segment.set(hexBytes(options), 20);
  const final = quad(fields.final ?? fields.destination);
  const pseudo = pseudoHeaderV4(quad(fields.source), final, 6, segment.length);
  view.setUint16(16, fold(sumBytes(view, 0, segment.length, pseudo)));
  const packet: PacketFields = {
    source: fields.source,
    destination: fields.destination,
    protocol: 6,
    payload: toHex(segment),
    ...(fields.options === undefined ? {} : { options: fields.options }),
    ...(fields.id === undefined ? {} : { id: fields.id }),
  };
  return ipPacket(packet);
}
