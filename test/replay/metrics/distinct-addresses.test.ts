import { test } from "uvu";
import * as assert from "uvu/assert";
import { DistinctAddresses } from "../../../replay/metrics/distinct-addresses.ts";
import { testRandom } from "../../support/random.ts";

test("counts addresses once, IPv4 and IPv6 apart", () => {
  const random = testRandom(1);
  const distinct = new DistinctAddresses();
  const known = new Set<string>();
  for (let i = 0; i < 30_000; i++) {
    const last = random.below(10_000);
    const words =
      random.below(2) === 0 ? [0, 0, 0xffff, last] : [0x20010db8, last >> 8, 0, last & 255];
    known.add(words.join());
    distinct.add(Uint32Array.from([7, 7, 7, 7, ...words]), 1);
  }
  assert.equal([distinct.count, distinct.estimated], [known.size, false]);
});

test("estimates beyond a million within 3 %, whatever the addresses look like", () => {
  const distinct = new DistinctAddresses();
  const address = Uint32Array.of(0, 0, 0xffff, 0);
  const total = 3_000_000;
  for (let i = 0; i < 2 * total; i++) {
    address[3] = i % total;
    distinct.add(address, 0);
  }
  assert.is(distinct.estimated, true);
  assert.ok(Math.abs(distinct.count / total - 1) < 0.03, `${distinct.count}`);
});

test.run();
