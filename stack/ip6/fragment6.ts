/** Fragmentation by the source, the only one who may (RFC 8200 section 4.5). */
import type { ErrorCode } from "../errors.ts";
import type { Mbuf } from "../mbuf.ts";
import type { NextHop } from "../route-table.ts";
import type { Stack } from "../stack.ts";
import { IPPROTO_FRAGMENT } from "../wire/ipv6.ts";
import { sendTo6 } from "./ip6-output.ts";

/** The fragment header's length. */
const FRAGMENT = 8;

/**
 * Sends the packet at `m.ipAt` to `hop` in pieces of at most `mtu` bytes and owns it. Every piece
 * repeats the fixed header and `extension` bytes of headers for the nodes on the way.
 */
export function fragment6(
  stack: Stack,
  m: Mbuf,
  hop: NextHop,
  mtu: number,
  extension: number,
): ErrorCode | null {
  const { view, ipAt } = m;
  const repeated = 40 + extension;
  const room = (mtu - repeated - FRAGMENT) & ~7;
  const total = m.len - repeated;
  const pieces: Mbuf[] = [];
  const identification = stack.random.word();
  for (let from = 0; from < total && room > 0; ) {
    const piece = stack.pool.get(mtu);
    if (!piece) break;
    const size = Math.min(room, total - from);
    const at = piece.off;
    piece.bytes.set(m.bytes.subarray(ipAt, ipAt + repeated), at);
    const nextAt = lastNextAt(view, ipAt, repeated) - ipAt + at;
    piece.view.setUint8(at + repeated, piece.view.getUint8(nextAt));
    piece.view.setUint8(nextAt, IPPROTO_FRAGMENT);
    piece.view.setUint8(at + repeated + 1, 0);
    piece.view.setUint16(at + repeated + 2, from | (from + size < total ? 1 : 0));
    piece.view.setUint32(at + repeated + 4, identification);
    const begin = ipAt + repeated + from;
    piece.bytes.set(m.bytes.subarray(begin, begin + size), at + repeated + FRAGMENT);
    piece.len = repeated + FRAGMENT + size;
    piece.view.setUint16(at + 4, piece.len - 40);
    piece.ipAt = at;
    piece.family = 6;
    pieces.push(piece);
    from += size;
    if (from >= total) {
      m.free();
      stack.stats.fragmented++;
      stack.stats.fragmentsMade += pieces.length;
      for (const each of pieces) sendTo6(stack, each, hop);
      return null;
    }
  }
  for (const each of pieces) each.free();
  m.free();
  return room > 0 ? "ENOBUFS" : "EMSGSIZE";
}

/** Offset of the byte that names what follows the first `repeated` bytes. */
function lastNextAt(view: DataView, ipAt: number, repeated: number): number {
  let nextAt = ipAt + 6;
  for (let at = ipAt + 40; at < ipAt + repeated; at += (view.getUint8(at + 1) + 1) * 8) {
    nextAt = at;
  }
  return nextAt;
}
