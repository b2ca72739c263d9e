import { test } from "uvu";
import * as assert from "uvu/assert";
import { OptionWalk } from "../../ipopts/walk.ts";
import { hex, nearOptions, viewOfBytes } from "../support/options.ts";
import { testRandom } from "../support/random.ts";

const walked = (bytes: Uint8Array, offset = 0, length = bytes.length): string => {
  const walk = new OptionWalk();
  const seen: string[] = [];
  walk.start(viewOfBytes(bytes), offset, length);
  while (walk.next()) seen.push(`${walk.type}@${walk.at}+${walk.length}`);
  if (walk.fault) seen.push(`${walk.fault}@${walk.faultAt}`);
  return seen.join(" ");
};

const CASES: [about: string, bytes: string, seen: string][] = [
  ["nothing in an empty area", "", ""],
  ["each option of two bytes or more", "01 83 07 04 0a000001", "1@0+1 131@1+7"],
  ["EOL once, with all that is left", "07 03 04 00 83 07", "7@0+3 0@3+3"],
  ["a type in the last byte", "01 01 01 83", "1@0+1 1@1+1 1@2+1 no-length@3"],
  ["length 0", "83 00 04 00", "length-too-small@0"],
  ["length 1", "01 99 01 00", "1@0+1 length-too-small@1"],
  ["a length past the end", "01 83 0c 04 0a", "1@0+1 length-too-large@1"],
];

for (const [about, bytes, seen] of CASES) {
  test(`shows ${about}`, () => assert.is(walked(hex(bytes)), seen));
}

test("begins where it is told and never looks behind the area", () => {
  assert.is(walked(hex("ff 83 07 04 0a000001 ff"), 1, 7), "131@1+7");
  assert.is(walked(hex("ff 83 07 04 0a000001 ff"), 1, 6), "length-too-large@1");
});

test("stays inside the view when it is told a length that the view has not", () => {
  assert.is(walked(hex("01 01"), 0, 40), "1@0+1 1@1+1");
  assert.is(walked(hex("01 83"), 0, 40), "1@0+1 no-length@1");
});

test("covers every byte of an area once, or says where it stopped", () => {
  const random = testRandom(11);
  const walk = new OptionWalk();
  for (let i = 0; i < 20000; i++) {
    const bytes = nearOptions(random, random.below(41));
    walk.start(viewOfBytes(bytes), 0, bytes.length);
    let covered = 0;
    while (walk.next()) {
      assert.is(walk.at, covered);
      covered += walk.length;
    }
    assert.is(
      walk.fault === null ? covered : walk.faultAt,
      walk.fault === null ? bytes.length : covered,
    );
  }
});

test.run();
