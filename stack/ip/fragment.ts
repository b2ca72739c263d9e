/**
 * Fragmentation (RFC 791 section 3.2, BSD's `ip_output` from "Too large for interface"): copied
 * options go into every piece, the others only into the first.
 */
import { blankForFragment, copyToFragment } from "../../ipopts/fragment.ts";
import type { ErrorCode } from "../errors.ts";
import type { Mbuf } from "../mbuf.ts";
import type { NextHop } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import * as ipv4 from "../wire/ipv4.ts";
import { sealHeader, sendTo } from "./ip-send.ts";

/**
 * Sends the packet at `m.ipAt` to `hop` in pieces of at most `mtu` bytes, the first in the buffer
 * the packet came in. Owns `m`; an error says that it was freed and nothing sent.
 */
export function fragment(stack: Stack, m: Mbuf, hop: NextHop, mtu: number): ErrorCode | null {
  const header = ipv4.headerLength(m.view, m.ipAt);
  const firstSize = (mtu - header) & ~7;
  if (firstSize < 8) {
    m.free();
    return "EMSGSIZE";
  }
  const rest = laterFragments(stack, m, header, firstSize, mtu);
  if (!rest) {
    m.free();
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
    const options = header > 20 ? fragmentOptions(stack, piece, header - 20) : 0;
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

/**
 * Leaves in the header at `piece.off` what fragments after the first carry of its `length` option
 * bytes, and returns the length then. The BSDs close the gaps, Linux fills them with NOP.
 */
function fragmentOptions(stack: Stack, piece: Mbuf, length: number): number {
  const { view, off } = piece;
  const { walk } = stack.scratch;
  if (stack.config.profile === "linux") {
    blankForFragment(walk, view, off + 20, length);
    return length;
  }
  const copied = copyToFragment(walk, view, off + 20, length, view, off + 20);
  // Malformed options were refused long before this.
  return typeof copied === "number" ? copied : length;
}

function freeChain(head: Mbuf | null): void {
  for (let m = head; m; ) {
    const next: Mbuf | null = m.next;
    m.next = null;
    m.free();
    m = next;
  }
}
