/** The hot loop over the records of a classic capture: as small as it can be. */

/** Why a walk stopped, as in pcap-walk.ts. */
const MORE: i32 = 0;
const FULL: i32 = 1;
const ODD: i32 = 2;

/** What a walk is told, and where it has come to; pcap-walk.ts knows the order, too. */
@unmanaged
class Walk {
  /** Nanoseconds in a unit of a time stamp's second word. */
  fraction: f64;
  /** The trace's origin, in whole seconds and nanoseconds after. */
  originSeconds: f64;
  originFraction: f64;
  /** Seconds of the packet before the next one; NaN when any will do. */
  seconds: f64;
  /** Seconds by which neighbours may be apart. */
  near: f64;
  /** The window's bytes; the next record's place in them, and where they end. */
  bytes: usize;
  at: u32;
  end: u32;
  /** Place of the last record taken, or −1. */
  last: i32;
  /** The batch: its columns, how many packets are in it, and how many may be. */
  offset: usize;
  captured: usize;
  wire: usize;
  time: usize;
  linkTypes: usize;
  count: u32;
  capacity: u32;
  /** The file's layout, as in pcap-header.ts. */
  little: i32;
  header: u32;
  capturedAt: u32;
  wireAt: u32;
  linkType: u32;
  /** The longest packet that is believed, captured and on the wire. */
  limit: u32;
  wireLimit: u32;
}

/** Byte orders as types, which tell a compiler what they are: it makes a loop for each. */
type LittleEndian = u32;
type BigEndian = i32;

function word<Order>(at: usize): u32 {
  const there = load<u32>(at);
  return isSigned<Order>() ? bswap<u32>(there) : there;
}

/**
 * Takes records from `walk.at` on. A record is taken once the header behind it is in the window
 * too, so that whoever finds that header senseless still holds the record that led there.
 */
export function walkRecords(walk: Walk): i32 {
  return walk.little !== 0 ? walkIn<LittleEndian>(walk) : walkIn<BigEndian>(walk);
}

function walkIn<Order>(walk: Walk): i32 {
  const header = walk.header;
  const capturedAt = walk.capturedAt;
  const wireAt = walk.wireAt;
  const limit = walk.limit;
  const near = walk.near;
  const end = walk.end;
  const bytes = walk.bytes;
  let at = walk.at;
  let count = walk.count;
  let seconds = walk.seconds;
  let last: i32 = -1;
  let state = MORE;
  while (at + header <= end) {
    const record = bytes + at;
    const length = word<Order>(record + capturedAt);
    const onWire = word<Order>(record + wireAt);
    const then = <f64>word<Order>(record);
    // Of the first record, any time will do: what is not a number is not greater either.
    if (length > limit || onWire - 1 >= walk.wireLimit || abs(then - seconds) > near) {
      state = ODD;
      break;
    }
    const next = at + header + length;
    if (next + header > end) break;
    if (count === walk.capacity) {
      state = FULL;
      break;
    }
    const place = <usize>count;
    store<u32>(walk.offset + (place << 2), at + header);
    store<u32>(walk.captured + (place << 2), length);
    store<u32>(walk.wire + (place << 2), max(onWire, length));
    const fraction = <f64>word<Order>(record + 4) * walk.fraction - walk.originFraction;
    store<f64>(walk.time + (place << 3), (then - walk.originSeconds) * 1e9 + fraction);
    store<u16>(walk.linkTypes + (place << 1), <u16>walk.linkType);
    count++;
    seconds = then;
    last = <i32>at;
    at = next;
  }
  walk.at = at;
  walk.count = count;
  walk.seconds = seconds;
  walk.last = last;
  return state;
}
