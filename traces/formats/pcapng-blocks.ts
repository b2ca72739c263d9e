/** The three blocks of pcapng that hold a packet (draft-ietf-opsawg-pcapng, 4.3, 4.4, appendix A). */
import { MAX_WIRE } from "./pcap-shape.ts";
import type { PcapngInterface } from "./pcapng-interface.ts";
import { ENHANCED_PACKET, PACKET, SIMPLE_PACKET } from "./pcapng-shape.ts";

/** What a block holds. Positions are those of the view. */
export interface BlockPacket {
  /** Null when the block names an interface that nothing described: then its packet is lost. */
  face: PcapngInterface | null;
  offset: number;
  captured: number;
  wire: number;
  timed: boolean;
  high: number;
  low: number;
  /** What is not as it should be, `at` bytes into the block. */
  fault: { at: number; expected: string; found: string } | null;
}

/** Where the fields of a block's packet stand in it. */
interface Fields {
  /** Least total length. */
  least: number;
  /** The captured length, the original one behind it, and the packet. */
  lengths: number;
  data: number;
  timed: boolean;
}

const FIELDS = new Map<number, Fields>([
  [ENHANCED_PACKET, { least: 32, lengths: 20, data: 28, timed: true }],
  [PACKET, { least: 32, lengths: 20, data: 28, timed: true }],
  [SIMPLE_PACKET, { least: 16, lengths: 8, data: 12, timed: false }],
]);

/** The packet in the whole block at `at`, or null when its type is not that of a packet. */
export function readPacketBlock(
  view: DataView,
  at: number,
  total: number,
  little: boolean,
  faces: readonly PcapngInterface[],
): BlockPacket | null {
  const type = view.getUint32(at, little);
  const fields = FIELDS.get(type);
  if (!fields) return null;
  const { least, lengths, data, timed } = fields;
  const packet: BlockPacket = {
    face: null,
    offset: at + data,
    captured: 0,
    wire: 0,
    timed,
    high: 0,
    low: 0,
    fault: null,
  };
  if (total < least) {
    const expected = `a packet block of ${least} bytes or more`;
    return { ...packet, fault: { at: 4, expected, found: `${total}` } };
  }
  const id = interfaceOf(view, at, type, little);
  if (id >= faces.length) {
    const expected =
      faces.length === 0 ? "an interface described" : `an interface below ${faces.length}`;
    return { ...packet, fault: { at: 8, expected, found: `a packet of interface ${id}` } };
  }
  packet.face = faces[id];
  packet.high = timed ? view.getUint32(at + 12, little) : 0;
  packet.low = timed ? view.getUint32(at + 16, little) : 0;
  const room = total - data - 4;
  const wire = view.getUint32(at + lengths + (timed ? 4 : 0), little);
  const claimed = timed
    ? view.getUint32(at + lengths, little)
    : simpleLength(packet.face, wire, room);
  packet.captured = Math.min(claimed, room);
  packet.wire = Math.max(packet.captured, wire);
  if (claimed > room) {
    const expected = `a captured length of at most ${room}, as the block has room for`;
    packet.fault = { at: lengths, expected, found: `${claimed}` };
  } else if (wire > MAX_WIRE) {
    const found = `${wire}, read as ${claimed}`;
    packet.fault = { at: lengths + 4, expected: `an original length up to ${MAX_WIRE}`, found };
    packet.wire = packet.captured;
  }
  return packet;
}

/** A simple packet block does not say how much was captured: the snaplen and the block do. */
const simpleLength = (face: PcapngInterface, wire: number, room: number): number =>
  Math.min(wire, face.snaplen === 0 ? wire : face.snaplen, room);

/** Which interface a packet is of: the first, where the block does not say. */
function interfaceOf(view: DataView, at: number, type: number, little: boolean): number {
  if (type === SIMPLE_PACKET) return 0;
  return type === PACKET ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
}
