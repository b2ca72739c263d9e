/**
 * How many different addresses: exact up to a million and a quarter, then estimated (`wasm/`), with
 * a standard error of 0.8 %.
 */
import type { Metrics } from "./metrics-code.ts";

/** Of HyperLogLog (Flajolet et al. 2007), a byte each. */
const REGISTERS = 2 ** 14;

/** Distinct addresses so far of those that `metrics` has counted, and whether that is estimated. */
export function distinctAddresses({ code, memory }: Metrics): {
  count: number;
  estimated: boolean;
} {
  const ranksAt = code.ranksAt() >>> 0;
  if (ranksAt === 0) return { count: code.distinct(), estimated: false };
  const ranks = new Uint8Array(memory.buffer, ranksAt, REGISTERS);
  let sum = 0;
  for (const rank of ranks) sum += 2 ** -rank;
  const count = Math.round((0.7213 / (1 + 1.079 / REGISTERS)) * (REGISTERS ** 2 / sum));
  return { count, estimated: true };
}
