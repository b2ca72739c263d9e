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
