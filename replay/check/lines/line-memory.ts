/**
 * Lines of headers seen before. All of a line but the packet's number, its sums and the headers as
 * they leave is the same for every packet with the same addresses and options: two pieces, before
 * the sums and behind them, kept by the place that the header has in the tables of judgements. What
 * is the packet's own in a header that leaves is stamped into the copy.
 */

import { viewOf } from "../../../ipopts/bytes.ts";
import { fold } from "../../../stack/wire/checksum.ts";
import * as ip4 from "../../../stack/wire/ipv4.ts";
import * as ip6 from "../../../stack/wire/ipv6.ts";
import type { LineBuffer } from "./line-buffer.ts";

/** Lengths of the two pieces, how many headers leave, then these: */
const WORDS = 16;
const HEAD = 0;
const TAIL = 1;
const COUNT = 2;
const STAMPS = 3;
/** Where its digits begin in the second piece; what the kernel took off the lifetime; see `base`. */
const STAMP_WORDS = 3;
/** A header leaves under each profile at most. */
const MOST_STAMPS = 4;

/** The digits of a header that leaves, in a line that is being written. */
export interface Stamp {
  /** Where they begin, counted from the second piece. */
  readonly at: number;
  /** What the kernel took off the lifetime. */
  readonly hops: number;
  /** IPv4: sum of the header's words, those bytes left out that are each packet's own; IPv6: −1. */
  readonly base: number;
}

/** The stamp of the header `view`, IPv4 or IPv6, whose digits stand at `at`. */
export function stampOf(at: number, view: DataView, length: number, hops: number): Stamp {
  if (ip4.version(view, 0) === 6) return { at, hops, base: -1 };
  let base = (view.getUint8(0) << 8) + ip4.protocol(view, 0);
  for (let i = 12; i < length; i += 2) base += view.getUint16(i);
  return { at, hops, base };
}

export class LineMemory {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #each: number;

  /** Memory for `slots` lines of at most `each` bytes; longer ones are not kept. */
  constructor(slots: number, each: number) {
    this.#words = new Int32Array(slots * WORDS);
    this.#bytes = new Uint8Array(slots * each);
    this.#view = viewOf(this.#bytes);
    this.#each = each;
  }

  /** Whether a line is kept at a place. */
  has(slot: number): boolean {
    return this.#words[slot * WORDS + TAIL] > 0;
  }

  forget(slot: number): void {
    this.#words[slot * WORDS + TAIL] = 0;
  }

  /** Keeps the line of which `out` holds the one piece from `head` to `headEnd`, then the other. */
  keep(
    slot: number,
    out: LineBuffer,
    head: number,
    headEnd: number,
    tail: number,
    stamps: readonly Stamp[],
  ): void {
    const headLength = headEnd - head;
    const tailLength = out.length - tail;
    if (headLength + tailLength > this.#each || stamps.length > MOST_STAMPS) return;
    const words = this.#words;
    const from = slot * WORDS;
    words[from + HEAD] = headLength;
    words[from + TAIL] = tailLength;
    words[from + COUNT] = stamps.length;
    for (const [n, { at, hops, base }] of stamps.entries()) {
      const w = from + STAMPS + n * STAMP_WORDS;
      words[w] = at;
      words[w + 1] = hops;
      words[w + 2] = base;
    }
    const to = slot * this.#each;
    this.#bytes.set(out.bytes.subarray(head, headEnd), to);
    this.#bytes.set(out.bytes.subarray(tail, out.length), to + headLength);
  }

  /** Writes the line kept at a place for the packet at `at`, `sums` between its two pieces. */
  write(slot: number, out: LineBuffer, sums: DataView, view: DataView, at: number): void {
    const words = this.#words;
    const from = slot * WORDS;
    const first = slot * this.#each;
    const headLength = words[from + HEAD];
    out.put(this.#view, first, headLength);
    out.put(sums);
    const tail = out.length;
    out.put(this.#view, first + headLength, words[from + TAIL]);
    for (let n = 0; n < words[from + COUNT]; n++) {
      const w = from + STAMPS + n * STAMP_WORDS;
      const base = words[w + 2];
      if (base < 0) stampV6(out, tail + words[w], words[w + 1], view, at);
      else stampV4(out, tail + words[w], words[w + 1], base, view, at);
    }
  }
}

/** Length, identification, fragment and lifetime are the packet's own, and so is the checksum. */
function stampV4(
  out: LineBuffer,
  to: number,
  hops: number,
  base: number,
  view: DataView,
  at: number,
): void {
  const lifetime = (ip4.ttl(view, at) - hops) & 255;
  let sum = base + view.getUint8(at + 1) + (lifetime << 8);
  for (let i = 2; i < 8; i += 2) sum += view.getUint16(at + i);
  for (let i = 1; i < 8; i++) out.hexByteAt(to + 2 * i, view.getUint8(at + i));
  out.hexByteAt(to + 16, lifetime);
  const folded = fold(sum);
  out.hexByteAt(to + 20, folded >>> 8);
  out.hexByteAt(to + 22, folded & 255);
}

function stampV6(out: LineBuffer, to: number, hops: number, view: DataView, at: number): void {
  for (let i = 0; i < 7; i++) out.hexByteAt(to + 2 * i, view.getUint8(at + i));
  out.hexByteAt(to + 14, (ip6.hopLimit(view, at) - hops) & 255);
}
