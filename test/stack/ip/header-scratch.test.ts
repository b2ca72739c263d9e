import { test } from "uvu";
import * as assert from "uvu/assert";
import { findSourceRoute } from "../../../ipopts/source-route.ts";
import { OptionWalk } from "../../../ipopts/walk.ts";
import { HeaderScratch, sourceRouteAt } from "../../../stack/ip/header-scratch.ts";
import { fromHex, toHex } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";

test("the short look for a source route finds what the walk finds", () => {
  const random = testRandom(3);
  const walk = new OptionWalk();
  const view = new DataView(new ArrayBuffer(48));
  let found = 0;
  for (let i = 0; i < 200_000; i++) {
    const length = 4 * random.below(11);
    for (let at = 0; at < length; at++) {
      view.setUint8(at, random.pick([0, 1, 3, 4, 7, 8, 11, 131, 137, 148, random.below(256)]));
    }
    if (random.below(2) && length > 0) view.setUint16(0, 0x0183);
    const expected = findSourceRoute(walk, view, 0, length);
    assert.is(sourceRouteAt(walk, view, 0, length), expected);
    if (expected >= 0) found++;
  }
  assert.ok(found > 10_000);
});

test("options are put behind the destination, and the route among them is known", () => {
  const scratch = new HeaderScratch();
  scratch.load(fromHex("9404000001830704c0000201"), 0xc6336407);
  assert.equal([scratch.length, scratch.routeAt, scratch.destination], [12, 25, 0xc6336407]);
  scratch.load(fromHex("94040000"), 1);
  assert.equal([scratch.length, scratch.routeAt], [4, -1]);
  assert.is(toHex(scratch.bytes.slice(20, 24)), "94040000");
});

test.run();
