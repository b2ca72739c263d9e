/** Numbers and times as text. Each function puts its text at `at` and returns where that ends. */

const ZERO: u32 = 48;
const DOT: u32 = 46;
const MINUS: u32 = 45;
const BILLION: f64 = 1e9;
const BILLIONTH: f64 = 1e-9;

/** "00" … "99", two bytes each: pairs halve the divisions. */
const PAIRS = memory.data(200);
for (let n: u32 = 0; n < 100; n++) {
  store<u8>(PAIRS + 2 * n, ZERO + n / 10);
  store<u8>(PAIRS + 2 * n + 1, ZERO + (n % 10));
}

export function putByte(at: usize, byte: u32): usize {
  store<u8>(at, byte);
  return at + 1;
}

/** `value` below 100 with a zero in front. */
function putPair(at: usize, value: u32): usize {
  store<u16>(at, load<u16>(PAIRS + 2 * value));
  return at + 2;
}

/** `value` below 10^4 with zeros in front. */
function putFour(at: usize, value: u32): usize {
  const high = value / 100;
  return putPair(putPair(at, high), value - 100 * high);
}

function putBelow100(at: usize, value: u32): usize {
  return value < 10 ? putByte(at, ZERO + value) : putPair(at, value);
}

function putBelow10000(at: usize, value: u32): usize {
  if (value < 100) return putBelow100(at, value);
  const high = value / 100;
  return putPair(putBelow100(at, high), value - 100 * high);
}

function putBelow100Million(at: usize, value: u32): usize {
  if (value < 10000) return putBelow10000(at, value);
  const high = value / 10000;
  return putFour(putBelow10000(at, high), value - 10000 * high);
}

/** A whole number. */
export function putWhole(at: usize, value: u64): usize {
  if (value < 100_000_000) return putBelow100Million(at, <u32>value);
  const high = value / 100_000_000;
  const low = <u32>(value - 100_000_000 * high);
  const middle = low / 10000;
  return putFour(putFour(putWhole(at, high), middle), low - 10000 * middle);
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
  const high = micro / 10000;
  at = putFour(putPair(at, high % 100), micro - 10000 * high);
  const nano = nanoseconds - 1000 * micro;
  if (nano === 0) return at;
  const hundreds = nano / 100;
  return putPair(putByte(at, ZERO + hundreds), nano - 100 * hundreds);
}
