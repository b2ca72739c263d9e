import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomStream } from "../../replay/random.ts";

const take = (seed: number, name: string, count: number): number[] => {
  const stream = randomStream(seed, name);
  return Array.from({ length: count }, () => stream.next());
};

test("a stream is fixed by seed and name: these words must never change", () => {
  assert.equal(take(1, "policy/random", 4), [1979884421, 1082435245, 3699999063, 2327683395]);
});

test("seeds and names give different streams, seeds beyond 32 bits too", () => {
  const firsts = [1, 2, 1 + 2 ** 32, 2 ** 52].flatMap((seed) =>
    ["a", "b", "policy/random"].map((name) => take(seed, name, 2).join()),
  );
  assert.is(new Set(firsts).size, firsts.length);
});

/** Chi-square over `cells` equally likely cells; its mean is cells − 1, its deviation √(2·cells). */
function chiSquare(counts: number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test("bytes, neighbouring words and first words of many seeds are even", () => {
  const far = 5 * Math.sqrt(2 * 256);
  const draws = take(7, "test", 200_000);
  for (const shift of [0, 8, 16, 24]) {
    const counts = new Array<number>(256).fill(0);
    for (const word of draws) counts[(word >>> shift) & 255]++;
    assert.ok(Math.abs(chiSquare(counts) - 255) < far, `byte ${shift / 8}`);
  }
  const pairs = new Array<number>(256).fill(0);
  for (let i = 1; i < draws.length; i++) pairs[((draws[i - 1] >>> 28) << 4) | (draws[i] >>> 28)]++;
  assert.ok(Math.abs(chiSquare(pairs) - 255) < far, "pairs");
  const firsts = new Array<number>(256).fill(0);
  for (let seed = 0; seed < 100_000; seed++) firsts[take(seed, "test", 1)[0] >>> 24]++;
  assert.ok(Math.abs(chiSquare(firsts) - 255) < far, "first words");
});

test.run();
