import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND, Timer } from "../../stack/clock.ts";
import { TimerWheel } from "../../stack/timer-wheel.ts";
import { testRandom } from "../support/random.ts";

class Recorder extends Timer {
  readonly log: [number, number][];
  readonly id: number;

  constructor(log: [number, number][], id: number) {
    super();
    this.log = log;
    this.id = id;
  }

  override expire(now: number): void {
    this.log.push([now, this.id]);
  }
}

test("timers expire at exactly their nanosecond, equal times in order of arming", () => {
  const wheel = new TimerWheel();
  const log: [number, number][] = [];
  const [a, b, c] = [0, 1, 2].map((id) => new Recorder(log, id));
  wheel.schedule(b, 3 * SECOND + 7);
  wheel.schedule(a, 3 * SECOND + 7);
  wheel.schedule(c, 5);
  wheel.advance(4);
  assert.equal(log, []);
  wheel.advance(10 * SECOND);
  assert.equal(log, [
    [5, 2],
    [3 * SECOND + 7, 1],
    [3 * SECOND + 7, 0],
  ]);
  assert.is(wheel.pending, 0);
  assert.is(wheel.next(), Infinity);
});

test("a timer armed for the past expires at once, but not before the caller returns", () => {
  const wheel = new TimerWheel();
  const log: [number, number][] = [];
  wheel.advance(SECOND);
  wheel.schedule(new Recorder(log, 1), 3);
  assert.equal(log, []);
  assert.is(wheel.next(), SECOND);
  wheel.advance(SECOND);
  assert.equal(log, [[SECOND, 1]]);
});

test("a timer may be armed again from its own expiry", () => {
  const wheel = new TimerWheel();
  const times: number[] = [];
  const ticking = new (class extends Timer {
    override expire(now: number): void {
      times.push(now);
      if (times.length < 4) wheel.schedule(this, now + 250 * MILLISECOND);
    }
  })();
  wheel.schedule(ticking, 0);
  wheel.advance(SECOND);
  assert.equal(
    times,
    [0, 250, 500, 750].map((ms) => ms * MILLISECOND),
  );
});

test("any sequence of arming, moving and cancelling gives the order of a sorted list", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = testRandom(seed);
    const wheel = new TimerWheel();
    const log: [number, number][] = [];
    const timers = Array.from({ length: 40 }, (_, id) => new Recorder(log, id));
    const model = new Map<number, { at: number; order: number }>();
    const expected: [number, number][] = [];
    let order = 0;
    let now = 0;
    for (let step = 0; step < 400; step++) {
      const id = random.below(timers.length);
      const kind = random.below(10);
      if (kind < 6) {
        // From nanoseconds to years: every wheel, and beyond the coarsest.
        const at = now + Math.floor(2 ** (random.below(57) * (random.word() / 2 ** 32)));
        wheel.schedule(timers[id], at);
        model.set(id, { at, order: order++ });
      } else if (kind < 7) {
        wheel.cancel(timers[id]);
        model.delete(id);
      } else {
        now += Math.floor(2 ** (random.below(50) * (random.word() / 2 ** 32)));
        const due = [...model].filter(([, m]) => m.at <= now);
        due.sort(([, x], [, y]) => x.at - y.at || x.order - y.order);
        for (const [each, { at }] of due) {
          expected.push([at, each]);
          model.delete(each);
        }
        const next = wheel.next();
        for (const [, { at }] of due) assert.ok(next <= at, `seed ${seed}: next() is late`);
        wheel.advance(now);
      }
      assert.is(wheel.pending, model.size, `seed ${seed} step ${step}`);
    }
    assert.equal(log, expected, `seed ${seed}`);
  }
});

test.run();
