/**
 * Blocks of pcapng (draft-ietf-opsawg-pcapng, section 3.1), and what makes one believable.
 *
 *   type 4 | total length 4 | body, padded to 32 bits | total length again 4
 */
import { hex } from "./format.ts";
import type { RecordShape } from "./resync.ts";

/** Reads the same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE = 1;
/** Obsolete, but old files have it. */
export const PACKET = 2;
export const SIMPLE_PACKET = 3;
export const ENHANCED_PACKET = 6;

/** Least total length of the blocks that may follow damage; other types are not believed there. */
const LEAST = new Map<number, number>([
  [SECTION_HEADER, 28],
  [INTERFACE, 20],
  [PACKET, 32],
  [SIMPLE_PACKET, 16],
  [4, 12],
  [5, 24],
  [ENHANCED_PACKET, 32],
  [9, 12],
  [10, 20],
  [0xbad, 16],
  [0x40000bad, 16],
]);

/** Bytes of a block that names its type and length, and of the shortest block. */
export const LEAST_BLOCK = 12;

/** The longest block that is read, as libpcap and Wireshark have it. */
const MAX_BLOCK = 16 << 20;

/** The longest block that is believed behind damage. */
const MAX_BEHIND_DAMAGE = 1 << 20;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Whether the section header at `at` is of a little-endian writer; null when it is of none. */
export function sectionOrder(view: DataView, at: number): boolean | null {
  if (view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC) return true;
  return view.getUint32(at + 8) === BYTE_ORDER_MAGIC ? false : null;
}

/** What is wrong with a total length by itself; null when nothing is. */
export function lengthFault(total: number): { expected: string; found: string } | null {
  const found = `${total} (${hex(total)})`;
  if (total < LEAST_BLOCK) return { expected: `a block length of at least ${LEAST_BLOCK}`, found };
  if (total % 4 !== 0) return { expected: "a block length divisible by 4", found };
  if (total > MAX_BLOCK) return { expected: `a block length up to ${MAX_BLOCK}`, found };
  return null;
}

export class PcapngShape implements RecordShape {
  readonly header = LEAST_BLOCK;
  /** The length behind a block's body leaves none. */
  readonly doubt = 0;
  /** Byte order of the section that is being read. */
  little = true;
  #chainLittle = true;

  begin(): void {
    this.#chainLittle = this.little;
  }

  judge(view: DataView, at: number, end: number): number {
    const type = view.getUint32(at, this.#chainLittle);
    const least = LEAST.get(type);
    if (least === undefined) return 0;
    if (type === SECTION_HEADER) {
      const order = sectionOrder(view, at);
      if (order === null) return 0;
      this.#chainLittle = order;
    }
    const little = this.#chainLittle;
    const total = view.getUint32(at + 4, little);
    if (total < least || total % 4 !== 0 || total > MAX_BEHIND_DAMAGE) return 0;
    if (at + total <= end && view.getUint32(at + total - 4, little) !== total) return 0;
    if (type === ENHANCED_PACKET && at + 28 <= end) {
      const captured = view.getUint32(at + 20, little);
      if (captured > total - 32 || captured > view.getUint32(at + 24, little)) return 0;
    }
    return total;
  }
}
