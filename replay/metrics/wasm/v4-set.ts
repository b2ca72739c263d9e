/** Different IPv4 addresses, a word each: most of what is ever counted, in a quarter of the memory. */
import { allocate, release } from "../../../traces/table/wasm/memory.ts";
import { v4Hash } from "./address-hash.ts";
import { rank } from "./ranks.ts";

const FIRST_CELLS: u32 = 1024;
const CELL_SHIFT: usize = 2;

/** Addresses in it. */
export let v4Count: u32 = 0;
/** Open addressing; 0 is a cell not taken, since 0.0.0.0 is not counted here. */
let cells: usize = 0;
let mask: u32 = 0;

export function beginV4Set(): void {
  begin(FIRST_CELLS);
}

function begin(count: u32): void {
  cells = allocate((<usize>count) << CELL_SHIFT);
  mask = count - 1;
  v4Count = 0;
}

/** Reads where an address has its cell, or the first that it may have. */
export function readV4(address: u32): u32 {
  return load<u32>(cells + ((<usize>(v4Hash(address) & mask)) << CELL_SHIFT));
}

/** Adds an address other than 0.0.0.0. */
export function addV4(address: u32): void {
  let cell = v4Hash(address) & mask;
  for (;;) {
    const held = load<u32>(cells + ((<usize>cell) << CELL_SHIFT));
    if (held === address) return;
    if (held === 0) break;
    cell = (cell + 1) & mask;
  }
  store<u32>(cells + ((<usize>cell) << CELL_SHIFT), address);
  // Full to 5/8 at most.
  if (++v4Count > (mask >> 3) * 5) widen();
}

function widen(): void {
  const before = cells;
  const bytes = (<usize>mask + 1) << CELL_SHIFT;
  begin(2 * (mask + 1));
  for (let at = before; at < before + bytes; at += 1 << CELL_SHIFT) {
    const address = load<u32>(at);
    if (address !== 0) addV4(address);
  }
  release(before, bytes);
}

/** Notes all addresses' ranks and forgets them. */
export function rankV4s(): void {
  const bytes = (<usize>mask + 1) << CELL_SHIFT;
  for (let at = cells; at < cells + bytes; at += 1 << CELL_SHIFT) {
    const address = load<u32>(at);
    if (address !== 0) rank(v4Hash(address));
  }
  release(cells, bytes);
}
