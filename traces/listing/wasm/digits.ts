/**
 * Numbers and times as text. Each function puts its text at `at` and returns where that ends; up to
 * three bytes behind that are overwritten.
 */

const ZERO: u32 = 48;
const DOT: u32 = 46;
const MINUS: u32 = 45;
const BILLION: f64 = 1e9;
const BILLIONTH: f64 = 1e-9;

/**
 * "0000" … "9999", four bytes each, behind what the compiler has placed. How many digits a number has
 * cannot be foreseen, so that branches for it cost more than looking all of them up.
 */
const FOURS = (__heap_base + 7) & ~7;
for (let n: u32 = 0; n < 10_000; n++) {
  const at = putByte(putByte(FOURS + 4 * n, ZERO + n / 1000), ZERO + ((n / 100) % 10));
  putByte(putByte(at, ZERO + ((n / 10) % 10)), ZERO + (n % 10));
}
/** Where memory is free behind that. */
export const FOURS_END = FOURS + 4 * 10_000;

export function putByte(at: usize, byte: u32): usize {
  store<u8>(at, byte);
  return at + 1;
}

/** `value` below 10^4 with zeros in front. */
function putFour(at: usize, value: u32): usize {
  store<u32>(at, load<u32>(FOURS + 4 * value));
  return at + 4;
}

/** A number below 10^4. */
function putBelow10000(at: usize, value: u32): usize {
  const digits = 1 + <u32>(value > 9) + <u32>(value > 99) + <u32>(value > 999);
  store<u32>(at, load<u32>(FOURS + 4 * value) >> (32 - 8 * digits));
  return at + digits;
}

function putBelow100Million(at: usize, value: u32): usize {
  if (value < 10_000) return putBelow10000(at, value);
  const high = value / 10_000;
  return putFour(putBelow10000(at, high), value - 10_000 * high);
}

/** A whole number. */
export function putWhole(at: usize, value: u64): usize {
  if (value < 100_000_000) return putBelow100Million(at, <u32>value);
  const high = value / 100_000_000;
  const low = <u32>(value - 100_000_000 * high);
  const middle = low / 10_000;
  return putFour(putFour(putWhole(at, high), middle), low - 10_000 * middle);
}

/**
 * Seconds as a decimal, the time being given as whole seconds and nanoseconds of either sign, which is
 * exact as far as doubles are; six digits behind the point, nine when nanoseconds are needed.
 */
export function putSeconds(at: usize, seconds: f64, nanoseconds: f64): usize {
  let carry = floor(nanoseconds * BILLIONTH);
  let rest = nanoseconds - carry * BILLION;
  // The product has been rounded, maybe across a whole second.
  if (rest < 0) {
    carry -= 1;
    rest += BILLION;
  } else if (rest >= BILLION) {
    carry += 1;
    rest -= BILLION;
  }
  let whole = seconds + carry;
  if (whole < 0) {
    at = putByte(at, MINUS);
    whole = rest > 0 ? -whole - 1 : -whole;
    rest = rest > 0 ? BILLION - rest : 0;
  }
  return putFraction(putByte(putWhole(at, <u64>whole), DOT), <u32>rest);
}

/** Nanoseconds below 10^9 as what stands behind the point; what is not below that as well as it can. */
function putFraction(at: usize, nanoseconds: u32): usize {
  const micro = nanoseconds / 1000;
  const high = micro / 10_000;
  // Of these four digits two are overwritten by the next ones, and of the last four one.
  putFour(at, 100 * (high % 100));
  at = putFour(at + 2, micro - 10_000 * high);
  const nano = nanoseconds - 1000 * micro;
  if (nano === 0) return at;
  putFour(at, 10 * nano);
  return at + 3;
}
