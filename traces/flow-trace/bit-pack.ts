/**
 * Columns of whole numbers as bits. Rows go in groups of 64; a group is one byte of width, the
 * group's least value as a varint, then every value less that one in `width` bits, lowest bit
 * first. A column ends with four zero bytes, so that reading 32 bits at a time stays inside it.
 *
 * Groups are small because connections are heavy-tailed: one large value widens 64 rows, not 64k.
 */

const GROUP = 64;
/** Beyond 2^53 a double still holds every whole number that a capture's clock can come to. */
const MAX_WIDTH = 64;
const TAIL = 4;
/** Width byte, varint of 64 bits, 64 values of 64 bits. */
const GROUP_MAX_BYTES = 1 + 10 + (GROUP * MAX_WIDTH) / 8;

const bitWidth = (range: number): number =>
  range < 0x100000000 ? 32 - Math.clz32(range) : 64 - Math.clz32(Math.floor(range / 0x100000000));

/** Most bytes that `count` values can take. */
export const packedBound = (count: number): number =>
  Math.ceil(count / GROUP) * GROUP_MAX_BYTES + TAIL;

/**
 * Packs `count` whole numbers in [0, 2^64) from `values`; returns where the column ends in `out`,
 * which has room for `packedBound(count)` bytes at `at`.
 */
export function pack(values: Float64Array, count: number, out: DataView, at: number): number {
  for (let from = 0; from < count; from += GROUP) {
    at = packGroup(values, from, Math.min(from + GROUP, count), out, at);
  }
  out.setUint32(at, 0);
  return at + TAIL;
}

function packGroup(
  values: Float64Array,
  from: number,
  to: number,
  out: DataView,
  at: number,
): number {
  let least = values[from];
  let most = least;
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // A difference beyond 2^53 might be rounded; the values themselves are what they are.
  if (most - least > Number.MAX_SAFE_INTEGER) least = 0;
  const width = bitWidth(most - least);
  out.setUint8(at++, width);
  let rest = least;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.setUint8(at++, (rest % 128) | 128);
  out.setUint8(at++, rest);
  if (width === 0) return at;
  if (width <= 24) return packNarrow(values, from, to, least, width, out, at);
  return packWide(values, from, to, least, width, out, at);
}

/** Whole 32-bit words while they last: a byte at a time costs four times as much. */
function packNarrow(
  values: Float64Array,
  from: number,
  to: number,
  least: number,
  width: number,
  out: DataView,
  at: number,
): number {
  let bits = 0;
  let held = 0;
  for (let i = from; i < to; i++) {
    const value = (values[i] - least) | 0;
    bits |= value << held;
    held += width;
    if (held >= 32) {
      out.setInt32(at, bits, true);
      at += 4;
      held -= 32;
      bits = held === 0 ? 0 : value >>> (width - held);
    }
  }
  return packRest(bits, held, out, at);
}

function packWide(
  values: Float64Array,
  from: number,
  to: number,
  least: number,
  width: number,
  out: DataView,
  at: number,
): number {
  let bits = 0;
  let held = 0;
  for (let i = from; i < to; i++) {
    let value = values[i] - least;
    // 24 bits at most go in at once: with 7 held over that is 31, still a small integer.
    for (let left = width; left > 0; left -= 24) {
      const high = Math.floor(value / 0x1000000);
      bits |= (value - high * 0x1000000) << held;
      held += left < 24 ? left : 24;
      value = high;
      for (; held >= 8; held -= 8) {
        out.setUint8(at++, bits & 255);
        bits >>>= 8;
      }
    }
  }
  return packRest(bits, held, out, at);
}

function packRest(bits: number, held: number, out: DataView, at: number): number {
  for (; held > 0; held -= 8) {
    out.setUint8(at++, bits & 255);
    bits >>>= 8;
  }
  return at;
}

/** Unpacks exactly `count` values into `values`; false when the bytes are not such a column. */
export function unpack(column: Uint8Array, count: number, values: Float64Array): boolean {
  const view = new DataView(column.buffer, column.byteOffset, column.byteLength);
  const end = column.length - TAIL;
  let at = 0;
  for (let from = 0; from < count; from += GROUP) {
    const to = from + GROUP < count ? from + GROUP : count;
    if (at + 2 > end) return false;
    const width = column[at++];
    if (width > MAX_WIDTH) return false;
    let least = 0;
    let scale = 1;
    for (; at < end && column[at] >= 128; at++) {
      if (scale > 2 ** 56) return false;
      least += (column[at] & 127) * scale;
      scale *= 128;
    }
    least += column[at++] * scale;
    const bytes = ((to - from) * width + 7) >>> 3;
    if (at + bytes > end) return false;
    if (width === 0) values.fill(least, from, to);
    else if (width <= 25) unpackNarrow(view, at, width, least, values, from, to);
    else unpackWide(view, at, width, least, values, from, to);
    at += bytes;
  }
  return at === end;
}

function unpackNarrow(
  view: DataView,
  at: number,
  width: number,
  least: number,
  values: Float64Array,
  from: number,
  to: number,
): void {
  const mask = (1 << width) - 1;
  let bit = 0;
  for (let i = from; i < to; i++) {
    values[i] = least + ((view.getUint32(at + (bit >>> 3), true) >>> (bit & 7)) & mask);
    bit += width;
  }
}

function unpackWide(
  view: DataView,
  at: number,
  width: number,
  least: number,
  values: Float64Array,
  from: number,
  to: number,
): void {
  let bit = 0;
  for (let i = from; i < to; i++) {
    let value = 0;
    let scale = 1;
    for (let left = width; left > 0; left -= 24) {
      const take = left < 24 ? left : 24;
      const word = view.getUint32(at + (bit >>> 3), true) >>> (bit & 7);
      value += (word & ((1 << take) - 1)) * scale;
      scale *= 0x1000000;
      bit += take;
    }
    values[i] = least + value;
  }
}
