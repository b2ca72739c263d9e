/**
 * `npm run soak:tcp [-- SEEDS [FIRST]]`: two stacks over links with loss, reordering, duplication
 * and corruption, a thousand seeds unless told: all data intact or a clean error, nothing left.
 */
import { soakTrial } from "../support/tcp-soak.ts";

const seeds = Number(process.argv[2] ?? 1000);
const first = Number(process.argv[3] ?? 1);
const failures: string[] = [];
for (let seed = first; seed < first + seeds; seed++) {
  const failure = soakTrial(seed, 200_000);
  if (failure) {
    failures.push(failure);
    process.stdout.write(`${failure}\n`);
  }
}
process.stdout.write(`${seeds - failures.length} of ${seeds} seeds passed\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
