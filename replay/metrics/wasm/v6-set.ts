/** Different addresses of four words, other than `::`. */
import { allocate, release } from "../../../traces/table/wasm/memory.ts";
import { addressHash } from "./address-hash.ts";
import { rank } from "./ranks.ts";

const FIRST_CELLS: u32 = 1024;
const CELL_SHIFT: usize = 4;

/** Addresses in it. */
export let v6Count: u32 = 0;
/** Open addressing; a cell of zeros is not taken. */
let cells: usize = 0;
let mask: u32 = 0;

export function beginV6Set(): void {
  begin(FIRST_CELLS);
}

function begin(count: u32): void {
  cells = allocate((<usize>count) << CELL_SHIFT);
  mask = count - 1;
  v6Count = 0;
}

function isNone(at: usize): bool {
  return (load<u64>(at) | load<u64>(at, 8)) === 0;
}

/** Adds the address at `at`, other than `::`. */
export function addV6(at: usize): void {
  const high = load<u64>(at);
  const low = load<u64>(at, 8);
  let cell = addressHash(at) & mask;
  for (;;) {
    const held = cells + ((<usize>cell) << CELL_SHIFT);
    if (load<u64>(held, 8) === low && load<u64>(held) === high) return;
    if (isNone(held)) {
      store<u64>(held, high);
      store<u64>(held, low, 8);
      break;
    }
    cell = (cell + 1) & mask;
  }
  // Full to 5/8 at most.
  if (++v6Count > (mask >> 3) * 5) widen();
}

function widen(): void {
  const before = cells;
  const bytes = (<usize>mask + 1) << CELL_SHIFT;
  begin(2 * (mask + 1));
  for (let at = before; at < before + bytes; at += 1 << CELL_SHIFT) if (!isNone(at)) addV6(at);
  release(before, bytes);
}

/** Notes all addresses' ranks and forgets them. */
export function rankV6s(): void {
  const bytes = (<usize>mask + 1) << CELL_SHIFT;
  for (let at = cells; at < cells + bytes; at += 1 << CELL_SHIFT) {
    if (!isNone(at)) rank(addressHash(at));
  }
  release(cells, bytes);
}
