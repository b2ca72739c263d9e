import { test } from "uvu";
import * as assert from "uvu/assert";
import { CloseCalendar } from "../../../replay/flow/close-calendar.ts";
import { orderByTime } from "../../../replay/flow/window-events.ts";
import { WindowLog } from "../../../replay/flow/window-log.ts";
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

test("orders equal times as they stand", () => {
  const random = testRandom(9);
  for (let round = 0; round < 200; round++) {
    const times = Float64Array.from({ length: random.below(60) }, () => random.below(12));
    const expected = [...times.keys()].sort((a, b) => times[a] - times[b] || a - b);
    assert.equal([...orderByTime(times)], expected);
  }
});

test("a window log gives every record back in order, and uses its memory again", () => {
  const random = testRandom(10);
  const log = new WindowLog();
  const kept = new Map<number, number[][]>();
  const drain = () => {
    const window = log.earliest();
    const found: number[][] = [];
    log.drain({
      opened: (slot, time) => found.push([0, slot, time]),
      closed: (slot, time, payload) => found.push([1, slot, time, payload]),
      moved: (slot, bytes) => found.push([2, slot, bytes]),
      released: (slot) => found.push([3, slot]),
    });
    assert.is(window, Math.min(...kept.keys()));
    assert.equal(found, kept.get(window));
    kept.delete(window);
    return window;
  };
  let decided = 0;
  for (let step = 0; step < 20_000; step++) {
    const window = decided + random.below(20) ** 2;
    const number = () => Math.floor(2 ** (random.below(5200) / 100)) - 1;
    const slot = random.below(2 ** 24);
    const a = number();
    const b = number();
    const records = [
      [0, slot, a],
      [1, slot, a, b],
      [2, slot, a],
      [3, slot],
    ];
    const record = random.pick(records);
    if (record[0] === 0) log.opened(window, slot, a);
    if (record[0] === 1) log.closed(window, slot, a, b);
    if (record[0] === 2) log.moved(window, slot, a);
    if (record[0] === 3) log.released(window, slot);
    kept.set(window, [...(kept.get(window) ?? []), record]);
    if (random.below(50) === 0) decided = drain() + 1;
  }
  while (kept.size > 0) drain();
  assert.is(log.earliest(), Number.POSITIVE_INFINITY);
});

test.run();
