/**
 * Fragmentation (RFC 791 section 3.2, BSD's `ip_output` from "Too large for interface"): copied
 * options go into every piece, the others only into the first.
 */
import type { ErrorCode } from "../errors.ts";
import type { Mbuf } from "../mbuf.ts";
import type { NextHop } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { sealHeader, sendTo } from "./ip-send.ts";
import { padded } from "./source-route.ts";

const EOL = 0;
const NOP = 1;
const COPIED = 0x80;

/**
 * Copies the options that every fragment carries, of `length` bytes at `from`, to `to` (the two may
 * be the same place), padded with EOL; returns their padded length (BSD's `ip_optcopy`). A NOP that
 * aligns a copied option goes with it.
 */
export function copyOptions(view: DataView, from: number, length: number, to: number): number {
  const end = from + length;
  let out = to;
  let aligns = false;
  for (let at = from; at < end; ) {
    const type = view.getUint8(at);
    if (type === EOL) break;
    if (type === NOP) {
      aligns = true;
      at++;
      continue;
    }
    const size = view.getUint8(at + 1);
    if (type & COPIED) {
      if (aligns) view.setUint8(out++, NOP);
      for (let i = 0; i < size; i++) view.setUint8(out++, view.getUint8(at + i));
    }
    aligns = false;
    at += size;
  }
  const copied = padded(out - to);
  while (out < to + copied) view.setUint8(out++, EOL);
  return copied;
}

/**
 * Overwrites with NOP, in place, the options that later fragments do not carry (Linux's
 * `ip_options_fragment`, which keeps their room); returns the length it was given.
 */
function blankOptions(view: DataView, begin: number, length: number): number {
  const end = begin + length;
  for (let at = begin; at < end; ) {
    const type = view.getUint8(at);
    if (type === EOL) break;
    const size = type === NOP ? 1 : view.getUint8(at + 1);
    if (!(type & COPIED)) for (let i = 0; i < size; i++) view.setUint8(at + i, NOP);
    at += size;
  }
  return length;
}

/**
 * Sends the packet at `m.ipAt` to `hop` in pieces of at most `mtu` bytes, the first in the buffer
 * the packet came in. Owns `m`.
 */
export function fragment(stack: Stack, m: Mbuf, hop: NextHop, mtu: number): ErrorCode | null {
  const header = ipv4.headerLength(m.view, m.ipAt);
  const firstSize = (mtu - header) & ~7;
  if (firstSize < 8) {
    stack.drop(m, "needsFragmentation");
    return "EMSGSIZE";
  }
  const rest = laterFragments(stack, m, header, firstSize, mtu);
  if (!rest) {
    stack.drop(m, "noBuffers");
    return "ENOBUFS";
  }
  stack.stats.fragmented++;
  m.len = header + firstSize;
  ipv4.setFragmentWord(m.view, m.ipAt, ipv4.fragmentWord(m.view, m.ipAt) | ipv4.IP_MF);
  for (let piece: Mbuf | null = m, next: Mbuf | null = rest; piece; piece = next) {
    next = piece === m ? rest : piece.next;
    piece.next = null;
    stack.stats.fragmentsMade++;
    sealHeader(piece, ipv4.headerLength(piece.view, piece.ipAt));
    sendTo(stack, piece, hop);
  }
  return null;
}

/** The pieces behind the first `from` bytes of data, linked in order, or null without buffers. */
function laterFragments(
  stack: Stack,
  m: Mbuf,
  header: number,
  firstSize: number,
  mtu: number,
): Mbuf | null {
  const { view, ipAt } = m;
  const word = ipv4.fragmentWord(view, ipAt);
  const length = m.len - header;
  const linux = stack.config.profile === "linux";
  let head: Mbuf | null = null;
  let tail: Mbuf | null = null;
  for (let from = firstSize; from < length; ) {
    const piece = stack.pool.get(mtu);
    if (!piece) {
      freeChain(head);
      return null;
    }
    const at = piece.off;
    piece.bytes.set(m.bytes.subarray(ipAt, ipAt + header), at);
    const options = (linux ? blankOptions : copyOptions)(piece.view, at + 20, header - 20, at + 20);
    const size = Math.min(length - from, (mtu - 20 - options) & ~7);
    const begin = ipAt + header + from;
    piece.bytes.set(m.bytes.subarray(begin, begin + size), at + 20 + options);
    const more = from + size < length ? ipv4.IP_MF : word & ipv4.IP_MF;
    const offset = (word & ipv4.IP_OFFSET_MASK) + (from >>> 3);
    piece.len = 20 + options + size;
    piece.ipAt = at;
    piece.family = 4;
    piece.rcvif = m.rcvif;
    ipv4.setHeaderLength(piece.view, at, 20 + options);
    ipv4.setFragmentWord(piece.view, at, more | offset);
    if (tail) tail.next = piece;
    else head = piece;
    tail = piece;
    from += size;
  }
  return head;
}

function freeChain(head: Mbuf | null): void {
  for (let m = head; m; ) {
    const next: Mbuf | null = m.next;
    m.next = null;
    m.free();
    m = next;
  }
}
