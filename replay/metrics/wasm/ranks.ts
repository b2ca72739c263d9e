/** Registers of a HyperLogLog estimate (Flajolet et al. 2007), which JavaScript reads. */
import { allocate } from "../../../traces/table/wasm/memory.ts";
import { mix } from "./address-hash.ts";

const REGISTER_BITS: u32 = 14;

/** Leading zeros seen, and one, in each register; 0 before there is anything to be estimated. */
export let ranks: usize = 0;

export function beginRanks(): void {
  ranks = allocate((<usize>1) << REGISTER_BITS);
}

/** Notes an address's hash in its register. */
export function rank(hash: u32): void {
  // A second mix: the register must not tell anything of the bits that give the rank.
  const leading = 1 + clz<u32>(mix(hash, 0x5bd1e995));
  const register = ranks + (hash >> (32 - REGISTER_BITS));
  if (leading > load<u8>(register)) store<u8>(register, <u8>leading);
}
