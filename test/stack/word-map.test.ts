import { test } from "uvu";
import * as assert from "uvu/assert";
import { WordMap } from "../../stack/word-map.ts";
import { testRandom } from "../support/random.ts";

test("it holds what a Map holds, through any setting and deleting", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = testRandom(seed);
    const map = new WordMap<number>();
    const model = new Map<number, number>();
    const keys = Array.from({ length: 80 }, () => random.word());
    keys.push(0, 1, 0xffffffff, 0x80000000);
    for (let i = 0; i < 600; i++) {
      const key = random.pick(keys);
      if (random.below(4) === 0) {
        map.delete(key);
        model.delete(key);
      } else {
        map.set(key, i);
        model.set(key, i);
      }
      const other = random.pick(keys);
      assert.is(map.get(other), model.get(other));
      assert.is(map.size, model.size);
    }
    const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    assert.equal(sorted(map.all()), sorted(model.values()));
  }
});

test.run();
