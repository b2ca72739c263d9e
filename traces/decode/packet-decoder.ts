/** Packets to transport columns: the plainest and most common headers straight, the rest by layers. */
import * as ipv4 from "../../stack/wire/ipv4.ts";
import type { PacketBatch } from "../packet-batch.ts";
import { DecodeContext } from "./context.ts";
import * as link from "./link-layers.ts";
import { describeLinkType, linkLayer } from "./link-layers.ts";
import { decodeNetwork } from "./network.ts";
import type { PacketRows } from "./packet-rows.ts";
import * as row from "./packet-rows.ts";
import * as skip from "./skip-reasons.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const {
  ACKNOWLEDGMENT,
  DESTINATION,
  FLAGS,
  KIND,
  KIND_NONE,
  PAYLOAD,
  PORTS,
  ROW_SHIFT,
  ROW_WORDS,
  SEQUENCE,
  SOURCE,
  TIME,
  WIRE,
} = row;
const { LINKTYPE_ETHERNET } = link;
const { IPPROTO_TCP } = ipv4;
const { DECODED, SKIP_LINK_TYPE, SKIP_NAMES } = skip;

export class PacketDecoder {
  readonly context: DecodeContext;
  readonly #skips = new Float64Array(SKIP_NAMES.length);
  readonly #linkTypes = new Map<number, number>();

  constructor(options: { tunnels: boolean }) {
    this.context = new DecodeContext(options.tunnels);
  }

  /** Packets that led to no transport header, by reason. */
  get skipped(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [linkType, count] of this.#linkTypes) counts[describeLinkType(linkType)] = count;
    for (const [reason, name] of SKIP_NAMES.entries()) {
      if (this.#skips[reason] > 0) counts[name] = this.#skips[reason];
    }
    return counts;
  }

  /** Decodes packets `first … first + count − 1` of `batch` into `into`, from row `to` on. */
  decode(batch: PacketBatch, first: number, count: number, into: PacketRows, to = 0): void {
    this.context.rows = into;
    const { words: rows, doubles } = into;
    const { view, offset, captured, linkType, wire, time } = batch;
    let row = to << ROW_SHIFT;
    for (let packet = first; packet < first + count; packet++, row += ROW_WORDS) {
      const at = offset[packet];
      doubles[(row >> 1) + TIME] = time[packet];
      rows[row + WIRE] = wire[packet];
      // Ethernet, IPv4 without options, TCP, not fragmented, cut behind the TCP header at most.
      if (
        linkType[packet] === LINKTYPE_ETHERNET &&
        captured[packet] >= 54 &&
        view.getUint32(at + 12) >>> 8 === 0x080045 &&
        (view.getInt32(at + 20) & 0x3fff00ff) === IPPROTO_TCP
      ) {
        const offsetAndFlags = view.getUint16(at + 46);
        const header = 34 + ((offsetAndFlags >>> 12) << 2);
        const total = view.getUint16(at + 16);
        if (total >= 40 && header >= 54 && total + 14 <= wire[packet]) {
          rows[row + KIND] = 0;
          rows[row + SOURCE] = view.getInt32(at + 26);
          rows[row + DESTINATION] = view.getInt32(at + 30);
          rows[row + PORTS] = view.getInt32(at + 34);
          rows[row + FLAGS] = offsetAndFlags & 0xff;
          rows[row + SEQUENCE] = view.getInt32(at + 38);
          rows[row + ACKNOWLEDGMENT] = view.getInt32(at + 42);
          const bytes = total + 14 - header;
          rows[row + PAYLOAD] = bytes > 0 ? bytes : 0;
          continue;
        }
      }
      this.#decodeByLayers(batch, packet, row);
    }
  }

  #decodeByLayers(batch: PacketBatch, packet: number, row: number): void {
    const { context } = this;
    const { frame } = context;
    const { words } = context.rows;
    const linkType = batch.linkType[packet];
    const layer = linkLayer(linkType);
    let reason = SKIP_LINK_TYPE;
    if (layer) {
      frame.view = batch.view;
      frame.at = batch.offset[packet];
      frame.end = frame.at + batch.captured[packet];
      frame.wireEnd = frame.at + batch.wire[packet];
      context.time = batch.time[packet];
      reason = decodeNetwork(context, row, layer(frame));
      if (reason === DECODED) return;
      this.#skips[reason]++;
    } else {
      this.#linkTypes.set(linkType, (this.#linkTypes.get(linkType) ?? 0) + 1);
    }
    words[row + KIND] = KIND_NONE;
    words[row + PAYLOAD] = 0;
  }
}
