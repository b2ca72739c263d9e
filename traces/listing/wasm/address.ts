/** Addresses as text. */
import { putByte, putWhole } from "./digits.ts";

const DOT: u32 = 46;
const COLON: u32 = 58;
const ZERO: u32 = 48;
const BEFORE_A: u32 = 87;

/** The bytes 0 … 255 as decimal with a point behind, four bytes each. */
const OCTETS = memory.data(4 * 256);
for (let n: u32 = 0; n < 256; n++) putByte(putWhole(OCTETS + 4 * n, n), DOT);

/** An octet and a point; overwrites up to two bytes behind them. */
function putOctet(at: usize, octet: u32): usize {
  store<u32>(at, load<u32>(OCTETS + 4 * octet));
  return at + 2 + (octet > 9 ? 1 : 0) + (octet > 99 ? 1 : 0);
}

/** A dotted quad. */
export function putV4(at: usize, address: u32): usize {
  at = putOctet(at, address >>> 24);
  at = putOctet(at, (address >>> 16) & 255);
  at = putOctet(at, (address >>> 8) & 255);
  return putOctet(at, address & 255) - 1;
}

/** Group 0 … 7 of an address in halves, whose first words are the lower ones. */
function group(high: u64, low: u64, index: u32): u32 {
  const half = index < 4 ? high : low;
  const word = <u32>(index & 2 ? half >> 32 : half);
  return index & 1 ? word & 0xffff : word >>> 16;
}

function putHex(at: usize, value: u32): usize {
  let shift = value > 0xfff ? 12 : value > 0xff ? 8 : value > 0xf ? 4 : 0;
  for (; shift >= 0; shift -= 4) {
    const digit = (value >>> shift) & 15;
    at = putByte(at, digit < 10 ? ZERO + digit : BEFORE_A + digit);
  }
  return at;
}

/** Text of RFC 5952 for four words: lower case, the first of the longest runs of zero groups as "::". */
export function putV6(at: usize, high: u64, third: u32, last: u32): usize {
  const low = ((<u64>last) << 32) | <u64>third;
  let runAt: u32 = 8;
  let runLength: u32 = 1;
  for (let i: u32 = 0; i < 8; i++) {
    let n: u32 = 0;
    while (i + n < 8 && group(high, low, i + n) === 0) n++;
    if (n > runLength) {
      runAt = i;
      runLength = n;
    }
    i += n;
  }
  for (let i: u32 = 0; i < 8; i++) {
    if (i === runAt) {
      at = putByte(at, COLON);
      i += runLength - 1;
      if (i === 7) at = putByte(at, COLON);
      continue;
    }
    if (i > 0) at = putByte(at, COLON);
    at = putHex(at, group(high, low, i));
  }
  return at;
}
