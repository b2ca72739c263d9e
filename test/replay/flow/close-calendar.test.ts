import { test } from "uvu";
import * as assert from "uvu/assert";
import { CloseCalendar } from "../../../replay/flow/close-calendar.ts";
import { testRandom } from "../../support/random.ts";

/** How far ahead closes lie: even, nearly all soon with some very far, all at one time. */
const SPREADS: [string, (random: ReturnType<typeof testRandom>) => number][] = [
  ["even", (random) => random.below(1e9)],
  [
    "heavy-tailed",
    (random) => (random.below(100) === 0 ? random.below(2 ** 31) * 1e6 : random.below(1000)),
  ],
  ["coinciding", (random) => 5e5 * random.below(2)],
];

test("closes 600,000 years from the start come in order, too: captures have such clocks", () => {
  const calendar = new CloseCalendar();
  const times = [0, 1.5e18, 1.8e22, 1.8e22 + 1e10, 1.9e22, 1.8e22];
  times.forEach((time, slot) => {
    calendar.push(slot, time);
  });
  const popped: number[] = [];
  while (calendar.size > 0) popped.push(times[calendar.pop()]);
  assert.equal(
    popped,
    [...times].sort((a, b) => a - b),
  );
});

for (const [name, spread] of SPREADS) {
  test(`pops in order of time when closes are ${name}, through growth and shrinking`, () => {
    const random = testRandom(8);
    const calendar = new CloseCalendar();
    const times: number[] = [];
    const waiting = new Set<number>();
    const free: number[] = [];
    let now = 0;
    for (let step = 0; step < 60_000; step++) {
      const growing = Math.floor(step / 10_000) % 2 === 0;
      if (waiting.size === 0 || random.below(10) < (growing ? 7 : 3)) {
        const slot = free.pop() ?? times.length;
        times[slot] = now + spread(random);
        waiting.add(slot);
        calendar.push(slot, times[slot]);
      } else {
        const earliest = calendar.earliest;
        const slot = calendar.pop();
        assert.is(times[slot], earliest);
        assert.ok(waiting.delete(slot) && earliest >= now);
        now = earliest;
        free.push(slot);
      }
      assert.is(calendar.size, waiting.size);
    }
    let last = now;
    while (calendar.size > 0) {
      const time = calendar.earliest;
      assert.ok(time >= last);
      last = time;
      waiting.delete(calendar.pop());
    }
    assert.is(waiting.size, 0);
    assert.is(calendar.earliest, Number.POSITIVE_INFINITY);
  });
}

test.run();
