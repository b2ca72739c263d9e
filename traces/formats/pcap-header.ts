/**
 * The 24 bytes at the start of a classic capture (draft-ietf-opsawg-pcap, section 4).
 *
 *   magic 4 | major 2 | minor 2 | reserved 8 | snaplen 4 | link type and FCS length 4
 */
import type { DamageLog } from "../damage-log.ts";
import { TraceError } from "../errors.ts";
import { hex, MAX_PACKET } from "./format.ts";

export const FILE_HEADER = 24;

/** How the records of one file are laid out. */
export interface PcapLayout {
  little: boolean;
  /** Nanoseconds in a unit of the time stamp's second word. */
  fraction: 1 | 1000;
  /** Bytes of a record's header: 16, or 24 in the modified format. */
  header: number;
  /** Where in it the captured and the original length stand; swapped before version 2.3. */
  capturedAt: number;
  wireAt: number;
  linkType: number;
  /** The longest packet that is believed. */
  limit: number;
}

/** Magic, as read in the writer's byte order, to what it says about the records. */
const MAGICS = new Map<number, Pick<PcapLayout, "fraction" | "header">>([
  [0xa1b2c3d4, { fraction: 1000, header: 16 }],
  [0xa1b23c4d, { fraction: 1, header: 16 }],
  // Kuznetzov's patched libpcap: interface, protocol and packet type behind the lengths.
  [0xa1b2cd34, { fraction: 1000, header: 24 }],
]);

/** Link types whose packets may be longer than any frame: USB, D-Bus, EBHSCR. */
const LONG_LINK_TYPES = new Set([189, 220, 231, 249, 279]);

/** The longest of those packets that is believed. */
const MAX_LONG_PACKET = 16 << 20;

/** Whether `word`, as read in a writer's byte order, is a magic of classic pcap. */
export const isMagic = (word: number): boolean => MAGICS.has(word);

/** Whether the bytes begin with a magic of classic pcap, in either byte order. */
export const isPcap = (head: DataView): boolean =>
  head.byteLength >= 4 && (MAGICS.has(head.getUint32(0)) || MAGICS.has(head.getUint32(0, true)));

/**
 * Reads the file header.
 * @throws {TraceError} when it is cut, or of another major version than 2
 */
export function readPcapHeader(head: DataView, log: DamageLog): PcapLayout {
  const refuse = (offset: number, expected: string, found: string) =>
    new TraceError({ file: log.file, offset, packet: 1, expected, found, skipped: null });
  if (head.byteLength < FILE_HEADER) {
    throw refuse(
      head.byteLength,
      `a pcap file header of ${FILE_HEADER} bytes`,
      `the end of the file after ${head.byteLength}`,
    );
  }
  const little = MAGICS.has(head.getUint32(0, true));
  const kind = MAGICS.get(head.getUint32(0, little));
  if (!kind) throw refuse(0, "a pcap magic", hex(head.getUint32(0)));
  const major = head.getUint16(4, little);
  const minor = head.getUint16(6, little);
  // 543.0 is what DG/UX's tcpdump wrote.
  if (major !== 2 && !(major === 543 && minor === 0)) {
    throw refuse(4, "pcap version 2", `version ${major}.${minor}`);
  }
  const linkWord = head.getUint32(20, little);
  if (linkWord & 0x03ff0000) {
    log.add({
      offset: 20,
      packet: 1,
      expected: "zero in the reserved bits beside the link type",
      found: `${hex(linkWord)}, read as link type ${linkWord & 0xffff}`,
      skipped: 0,
    });
  }
  const linkType = linkWord & 0xffff;
  const swapped = major === 2 && minor < 3;
  return {
    little,
    ...kind,
    capturedAt: swapped ? 12 : 8,
    wireAt: swapped ? 8 : 12,
    linkType,
    limit: LONG_LINK_TYPES.has(linkType) ? MAX_LONG_PACKET : MAX_PACKET,
  };
}
