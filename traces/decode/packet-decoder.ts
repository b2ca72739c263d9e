/** Packets to rows: the plainest and most common headers straight, the rest by layers. */
import type { BatchColumns } from "../batch-columns.ts";
import type { PacketBatch } from "../packet-batch.ts";
import { DecodeContext } from "./context.ts";
import { describeLinkType, linkLayer } from "./link-layers.ts";
import { decodeNetwork } from "./network.ts";
import {
  KIND,
  KIND_LEFT,
  KIND_NONE,
  PAYLOAD,
  type PacketRows,
  ROW_SHIFT,
  ROW_WORDS,
} from "./packet-rows.ts";
import { PlainDecoder, type Span } from "./plain-decoder.ts";
import { DECODED, SKIP_LINK_TYPE, SKIP_NAMES } from "./skip-reasons.ts";

export class PacketDecoder {
  readonly context: DecodeContext;
  readonly #skips = new Float64Array(SKIP_NAMES.length);
  readonly #linkTypes = new Map<number, number>();
  #plain: PlainDecoder | null = null;

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

  /** From when to when the packets are that were decoded; ±∞ before the first. */
  get span(): Span {
    return this.#plain?.span ?? { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  }

  /** Decodes packets `first … first + count − 1` of `batch` into `into`, from row `to` on. */
  decode(batch: BatchColumns, first: number, count: number, into: PacketRows, to = 0): void {
    if (this.#plain?.memory !== batch.memory) this.#plain = new PlainDecoder(batch.memory);
    let left = this.#plain.decode(batch, first, count, into, to);
    const { words } = into;
    let row = to << ROW_SHIFT;
    for (let packet = first; left > 0; packet++, row += ROW_WORDS) {
      if (words[row + KIND] !== KIND_LEFT) continue;
      left--;
      this.#decodeByLayers(batch, packet, into, row);
    }
  }

  /**
   * Turns source and destination of `count` decoded rows from `from` on into their connections' keys, as
   * who follows them wants it.
   */
  makeKeys(rows: PacketRows, from: number, count: number): void {
    this.#plain?.makeKeys(rows, from, count);
  }

  #decodeByLayers(batch: PacketBatch, packet: number, into: PacketRows, row: number): void {
    this.context.rows = into;
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
