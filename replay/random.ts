/** Seeded random words for whoever draws from them: policies, networks, scenarios. */
import { RandomStream as NamedStream } from "../traces/random.ts";

export interface RandomStream {
  /** An unsigned 32-bit number. */
  next(): number;
}

/**
 * The stream called `name` under `seed` (any finite number; two 32-bit words of it are used). Each
 * user of chance has its own, and drawing more from one never shifts another.
 */
export function randomStream(seed: number, name: string): RandomStream {
  const stream = new NamedStream(seed, name);
  return { next: () => stream.word() };
}
