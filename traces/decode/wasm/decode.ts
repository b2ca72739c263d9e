/**
 * Packets to rows, where their headers are the plainest and most common there are; what is not is
 * left to the layers in JavaScript (packet-decoder.ts).
 */
import { ROW_BYTES, Row } from "../../table/wasm/row.ts";
import { makeKeys } from "./key.ts";

export { makeKeys };

/** `Row.kind` of a packet that is left to the layers. */
const LEFT: i32 = -2;

const LINKTYPE_ETHERNET: u16 = 1;
const ETHERNET_HEADER: u32 = 14;
const TCP_AT: u32 = ETHERNET_HEADER + 20;
/** Ethernet, IPv4 without options, TCP without options. */
const SHORTEST: u32 = TCP_AT + 20;

/** EtherType IPv4, then version 4 and a header of five words, as they lie in memory. */
const ETHERTYPE_AND_VERSION: u32 = 0x450008;
/** Fragment offset and "more fragments", a byte of lifetime, and the protocol: TCP, not fragmented. */
const FRAGMENT_AND_PROTOCOL: u32 = 0xff00ff3f;
const WHOLE_AND_TCP: u32 = 0x06000000;

/** Where the columns of a batch lie, and its bytes; the order is that of plain-decoder.ts. */
@unmanaged
class Batch {
  /** Least and greatest time of all packets so far. */
  earliest: f64;
  latest: f64;
  bytes: usize;
  offset: usize;
  captured: usize;
  wire: usize;
  time: usize;
  linkType: usize;
}

function word(at: usize): i32 {
  return bswap<i32>(load<i32>(at));
}

/** Four words in network byte order. */
function wordsOf(bytes: v128): v128 {
  return v128.shuffle<i8>(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

function half(at: usize): u32 {
  return <u32>bswap<u16>(load<u16>(at));
}

/** Decodes packets `first … first + count − 1` into the rows at `rows`; returns how many it left. */
export function decode(batch: Batch, first: i32, count: i32, rows: usize): i32 {
  // Rows are stored between: what stays in `batch` would be loaded anew for every packet.
  const bytes = batch.bytes;
  const offsets = batch.offset;
  const captures = batch.captured;
  const wires = batch.wire;
  const times = batch.time;
  const linkTypes = batch.linkType;
  let earliest = batch.earliest;
  let latest = batch.latest;
  if (count > 0) earliest = min(earliest, load<f64>(times + ((<usize>first) << 3)));
  let left = 0;
  for (let i = 0; i < count; i++) {
    const packet = <usize>(first + i);
    const row = changetype<Row>(rows + <usize>i * ROW_BYTES);
    const wire = load<u32>(wires + (packet << 2));
    const time = load<f64>(times + (packet << 3));
    // One look at most packets: they are later than all before them.
    if (time < latest) earliest = min(earliest, time);
    else latest = time;
    row.time = time;
    row.wire = wire;
    const at = bytes + <usize>load<u32>(offsets + (packet << 2));
    if (
      load<u32>(captures + (packet << 2)) < SHORTEST ||
      load<u16>(linkTypes + (packet << 1)) !== LINKTYPE_ETHERNET ||
      !decodePlain(row, at, wire)
    ) {
      row.kind = LEFT;
      left++;
    }
  }
  batch.earliest = earliest;
  batch.latest = latest;
  return left;
}

/** Ethernet, IPv4 without options, TCP, not fragmented, cut behind the TCP header at most. */
function decodePlain(row: Row, at: usize, wire: u32): bool {
  if ((load<u32>(at, 12) & 0xffffff) !== ETHERTYPE_AND_VERSION) return false;
  if ((load<u32>(at, 20) & FRAGMENT_AND_PROTOCOL) !== WHOLE_AND_TCP) return false;
  const offsetAndFlags = half(at + 46);
  const header: u32 = TCP_AT + ((offsetAndFlags >> 12) << 2);
  const end: u32 = half(at + 16) + ETHERNET_HEADER;
  if (end < SHORTEST || header < SHORTEST || end > wire) return false;
  row.kind = 0;
  // Both addresses, both ports and the sequence number follow one another there and here.
  v128.store(changetype<usize>(row) + offsetof<Row>("a"), wordsOf(v128.load(at, 26)));
  row.acknowledgment = word(at + 42);
  row.flags = <i32>(offsetAndFlags & 0xff);
  row.payload = end > header ? <i32>(end - header) : 0;
  return true;
}
