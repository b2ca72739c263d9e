/** The map of flows, held against a plain one. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlowMap } from "../../../replay/designs/flow-map.ts";
import { testRandom } from "../../support/random.ts";

type Ends = [number, number, number, number, number];

const ends = (n: number): Ends => [6 + 11 * (n & 1), 0xac140000 + (n >> 3), n & 0xffff, n & 7, 80];

test("finds what was added and nothing that was deleted, through growth and collisions", () => {
  for (const seed of [1, 2, 3]) {
    const random = testRandom(seed);
    const map = new FlowMap(16);
    const truth = new Map<number, number>();
    for (let step = 0; step < 20_000; step++) {
      const n = random.below(3000);
      const slot = map.find(...ends(n), 0);
      assert.is(slot >= 0 ? map.value(slot) : undefined, truth.get(n), `step ${step}`);
      if (slot < 0) {
        const value = random.word();
        truth.set(n, value);
        map.add(...ends(n), value, 1, 0);
      } else if (random.below(3) === 0) {
        truth.delete(n);
        map.delete(slot);
      }
      assert.is(map.size, truth.size);
    }
    for (const [n, value] of truth) assert.is(map.value(map.find(...ends(n), 0)), value);
    assert.ok(map.peak >= map.size && map.made > map.peak);
  }
});

test("an entry is gone once its deadline has come, unless that was put off", () => {
  const map = new FlowMap();
  map.add(...ends(1), 7, 100, 0);
  assert.ok(map.find(...ends(1), 99) >= 0);
  map.setDeadline(map.find(...ends(1), 99), 200);
  assert.ok(map.find(...ends(1), 199) >= 0);
  assert.is(map.find(...ends(1), 200), -1);
  assert.equal([map.size, map.expired], [0, 1]);
});

test("memory follows the flows that live, not all there ever were", () => {
  const map = new FlowMap(64);
  for (let n = 0; n < 100_000; n++) map.add(...ends(n), n, n + 100, n);
  assert.is(map.made, 100_000);
  assert.ok(map.size < 600, `${map.size} entries for 100 that live`);
  assert.ok(map.bytes < 64 * 1024, `${map.bytes} bytes`);
});

test("making room takes one entry, and clearing all", () => {
  const map = new FlowMap();
  for (let n = 0; n < 50; n++) map.add(...ends(n), n, 1, 0);
  map.evict();
  assert.is(map.size, 49);
  map.clear();
  assert.equal([map.size, map.find(...ends(3), 0), map.peak], [0, -1, 50]);
});

test.run();
