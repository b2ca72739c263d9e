import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { PathMtuCache } from "../../../stack/ip/path-mtu.ts";
import type { Address } from "../../../stack/ip6/in6-addr.ts";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { TimerWheel } from "../../../stack/timer-wheel.ts";

/** A confirmed error: what it means is believed. */
function hear(cache: PathMtuCache, to: Address, mtu: number, length: number): number {
  const meant = cache.told(to, mtu, length);
  cache.learn(to, meant);
  return meant;
}

test("what is only told is not remembered", () => {
  const cache = new PathMtuCache(new TimerWheel());
  assert.is(cache.told(1, 1400, 1500), 1400);
  assert.is(cache.get(1, 1500), 1500);
});

test("what is learned lowers and never raises, for ten minutes", () => {
  const clock = new TimerWheel();
  const cache = new PathMtuCache(clock);
  assert.is(cache.get(1, 1500), 1500);
  assert.is(hear(cache, 1, 1400, 1500), 1400);
  assert.is(hear(cache, 1, 1450, 1500), 1400);
  assert.equal([cache.get(1, 1500), cache.get(1, 1000), cache.get(2, 1500)], [1400, 1000, 1500]);
  clock.advance(600 * SECOND);
  assert.is(cache.get(1, 1500), 1500);
});

test("no error makes packets smaller than hosts must take", () => {
  const cache = new PathMtuCache(new TimerWheel());
  assert.is(hear(cache, 1, 20, 1500), 68);
  assert.is(hear(cache, In6Addr.parse("2001:db8::1"), 500, 1500), 1280);
});

test("a router that tells nothing means the plateau below what was too long", () => {
  const cache = new PathMtuCache(new TimerWheel());
  assert.is(hear(cache, 1, 0, 1500), 1492);
  assert.is(hear(cache, 1, 0, 1492), 1006);
  assert.is(hear(cache, 2, 0, 60), 68);
});

test("a thousand addresses are remembered, and then the oldest goes", () => {
  const cache = new PathMtuCache(new TimerWheel());
  for (let address = 0; address <= 1024; address++) hear(cache, address, 1000, 1500);
  assert.equal([cache.get(0, 1500), cache.get(1, 1500)], [1500, 1000]);
  hear(cache, 1, 1000, 1500);
  hear(cache, 0, 1000, 1500);
  assert.equal([cache.get(1, 1500), cache.get(2, 1500)], [1000, 1500], "one heard again is young");
});

test.run();
