/** Writes columns of whole numbers as bits; bit-pack.ts beside this folder says how, and reads them. */
import { ConnectionColumns } from "../../table/wasm/columns.ts";

const GROUP: usize = 64;
const TAIL: usize = 4;
/** Widest range whose differences a reader's doubles hold. */
const SAFE_RANGE: u64 = (1 << 53) - 1;
/** The first whole number that has no place in 64 bits. */
const TOO_LARGE: f64 = 4294967296.0 * 4294967296.0;
/** Added to a smaller whole number, 2^52 has it in the low bits of the sum. */
const LOW_BITS: f64 = 4503599627370496.0;
const LOW_BITS_SHIFT: u64 = 52;

/** The values of one group, and what they are made from if they are doubles. */
const group = memory.data(8 * 64);
const doubles = memory.data(8 * 64);

/** Row of a value that is no whole number in [0, 2^64), or `NO_ROW`. */
export let oddRow: usize = -1;
export const NO_ROW: usize = -1;

export function beginColumns(): void {
  oddRow = NO_ROW;
}

/** Notes that row `row` has something that cannot be stored. */
export function refuse(row: usize): void {
  if (oddRow === NO_ROW) oddRow = row;
}

/** Says what value `n` of the group is. */
export function setWhole(n: usize, value: u64): void {
  store<u64>(group + 8 * n, value);
}

/** The same of a double, of which `wholes` is to be told when all of the group are there. */
export function setDouble(n: usize, value: f64): void {
  store<f64>(doubles + 8 * n, value);
}

/** Small numbers of either sign as small numbers without one. */
export function zigzag(value: f64): f64 {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Makes whole numbers of the group's `count` doubles, which are those of rows `row` and on. */
export function wholes(row: usize, count: usize): void {
  let bits: u64 = 0;
  let odd: u32 = 0;
  for (let n: usize = 0; n < count; n++) {
    const value = load<f64>(doubles + 8 * n);
    const sum = value + LOW_BITS;
    const whole = reinterpret<u64>(sum) ^ reinterpret<u64>(LOW_BITS);
    odd |= <u32>(sum - LOW_BITS !== value);
    bits |= whole;
    setWhole(n, whole);
  }
  if (odd !== 0 || bits >> LOW_BITS_SHIFT !== 0) largeWholes(row, count);
}

function largeWholes(row: usize, count: usize): void {
  for (let n: usize = 0; n < count; n++) {
    const value = load<f64>(doubles + 8 * n);
    const isWhole = value >= 0 && value < TOO_LARGE && floor(value) === value;
    if (!isWhole) refuse(row + n);
    setWhole(n, isWhole ? <u64>value : 0);
  }
}

/** Sets the values of the group to those of `count` rows from `row` on. */
type Fill = (columns: ConnectionColumns, row: usize, count: usize) => void;

/** Packs rows `row … end − 1` at `at`; returns where the column ends. */
export function packColumn(
  columns: ConnectionColumns,
  row: usize,
  end: usize,
  at: usize,
  fill: Fill,
): usize {
  for (; row < end; row += GROUP) {
    const count = min(GROUP, end - row);
    fill(columns, row, count);
    at = packGroup(count, at);
  }
  store<u32>(at, 0);
  return at + TAIL;
}

function packGroup(count: usize, at: usize): usize {
  let least = load<u64>(group);
  let most = least;
  const end = group + 8 * count;
  for (let from = group + 8; from < end; from += 8) {
    const value = load<u64>(from);
    least = min(least, value);
    most = max(most, value);
  }
  // A difference beyond 2^53 would be rounded by who reads it; the values are doubles.
  if (most - least > SAFE_RANGE) least = 0;
  const width = 64 - clz(most - least);
  store<u8>(at++, <u8>width);
  let rest = least;
  for (; rest >= 128; rest >>= 7) store<u8>(at++, <u8>(rest | 128));
  store<u8>(at++, <u8>rest);
  return width === 0 ? at : packBits(end, least, width, at);
}

/** The values up to `end` less `least` in `width` bits each. */
function packBits(end: usize, least: u64, width: u64, at: usize): usize {
  let bits: u64 = 0;
  let held: u64 = 0;
  for (let from = group; from < end; from += 8) {
    const value = load<u64>(from) - least;
    bits |= value << held;
    held += width;
    if (held >= 64) {
      store<u64>(at, bits);
      at += 8;
      held -= 64;
      bits = held === 0 ? 0 : value >> (width - held);
    }
  }
  // What is written too much, the next thing to be written overwrites.
  store<u64>(at, bits);
  return at + <usize>((held + 7) >> 3);
}
