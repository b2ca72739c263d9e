import { test } from "uvu";
import * as assert from "uvu/assert";
import { unpack } from "../../../traces/flow-trace/bit-pack.ts";
import { BlockEncoder } from "../../../traces/flow-trace/encode-block.ts";
import { testRandom } from "../../support/random.ts";

/** One for all tests: what it packs goes where other columns were, so that a byte left unwritten shows. */
const encoder = new BlockEncoder("t.flows");

/** The values as a block's column of bytes that clients sent. */
function packed(values: number[]): Uint8Array {
  const { rows } = encoder;
  rows.clientBytes.set(values);
  rows.clientWireBytes.set(values);
  rows.count = values.length;
  return Uint8Array.from(encoder.encode(0, values.length, 0).clientBytes ?? []);
}

test("every width from 0 to 53 bits comes back as it went in", () => {
  const random = testRandom(1);
  for (let width = 0; width <= 53; width++) {
    for (const count of [1, 2, 63, 64, 65, 200]) {
      const least = random.below(1000);
      const values = Array.from({ length: count }, (_, i) => {
        const range = 2 ** width - 1;
        const value = i === 0 ? 0 : i === 1 ? range : Math.floor((random.word() / 2 ** 32) * range);
        return Math.min(value + least, Number.MAX_SAFE_INTEGER);
      });
      const back = new Float64Array(count);
      assert.ok(unpack(packed(values), count, back), `width ${width}, ${count} values`);
      assert.equal([...back], values);
    }
  }
});

test("values beyond 2^53 come back too: a clock that jumps from 1970 to now", () => {
  const values = [3, 1.7e18, 2 ** 63, 1.7e18 + 256];
  const back = new Float64Array(4);
  assert.ok(unpack(packed(values), 4, back));
  assert.equal([...back], values);
});

test("small values and values beyond 2^53 come back from one group", () => {
  const random = testRandom(5);
  for (let run = 0; run < 200; run++) {
    const values = Array.from({ length: 64 }, () => {
      const value = random.word() * 2 ** random.below(32) + random.below(100);
      return random.below(3) === 0 ? random.below(2000) : value;
    });
    const back = new Float64Array(64);
    assert.ok(unpack(packed(values), 64, back));
    assert.equal([...back], values);
  }
});

test("equal values cost a group's head and nothing a row", () => {
  assert.is(packed(new Array(64).fill(7)).length, 1 + 1 + 4);
});

test("a column cut, lengthened or with a width beyond 64 is refused", () => {
  const column = packed([1, 5000, 3]);
  const into = new Float64Array(64);
  assert.ok(unpack(column, 3, into));
  for (let length = 0; length < column.length; length++) {
    assert.not.ok(unpack(column.slice(0, length), 3, into), `cut to ${length}`);
  }
  assert.not.ok(unpack(Uint8Array.from([...column, 0]), 3, into));
  assert.not.ok(unpack(column, 65, into));
  const wide = Uint8Array.from(column);
  wide[0] = 65;
  assert.not.ok(unpack(wide, 3, into));
});

test.run();
