/** From a batch of captured packets to the checker: link layers, then IP. */
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../../stack/wire/ethernet.ts";
import { Frame } from "../../traces/decode/frame.ts";
import { linkLayer } from "../../traces/decode/link-layers.ts";
import type { PacketBatch } from "../../traces/packet-batch.ts";
import type { Checker } from "./checker.ts";

const frame = new Frame();

/**
 * Checks packet i of the batch. False when it is not IP, or of a link type that nothing here
 * follows: it is counted, and nothing else.
 */
export function checkPacket(checker: Checker, batch: PacketBatch, i: number): boolean {
  const begin = batch.offset[i];
  frame.view = batch.view;
  frame.at = begin;
  frame.end = begin + batch.captured[i];
  frame.wireEnd = begin + batch.wire[i];
  const layer = linkLayer(batch.linkType[i]);
  const type = layer === undefined ? 0 : layer(frame);
  if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6) {
    checker.skip();
    return false;
  }
  checker.check(batch.view, frame.at, frame.end, frame.wireEnd);
  return true;
}
