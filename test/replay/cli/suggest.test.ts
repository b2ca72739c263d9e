import { test } from "uvu";
import * as assert from "uvu/assert";
import { editDistance, nearest } from "../../../replay/cli/suggest.ts";

const DISTANCES: [string, string, number][] = [
  ["", "", 0],
  ["", "abc", 3],
  ["hash", "hash", 0],
  ["hsah", "hash", 1],
  ["replya", "replay", 1],
  ["kitten", "sitting", 3],
];

for (const [a, b, expected] of DISTANCES) {
  test(`"${a}" and "${b}" are ${expected} edits apart, both ways`, () => {
    assert.is(editDistance(a, b), expected);
    assert.is(editDistance(b, a), expected);
  });
}

test("suggests slips and beginnings, and nothing for another word", () => {
  const known = ["round-robin", "rr", "random", "hash", "least-connection"];
  assert.is(nearest("randon", known), "random");
  assert.is(nearest("least", known), "least-connection");
  assert.is(nearest("Hash", known), "hash");
  assert.is(nearest("rond", known), "random", "a slip in a beginning");
  assert.is(nearest("least_conn", known), "least-connection");
  assert.is(nearest("lst", known), null);
  assert.is(nearest("maglev", known), null);
});

test.run();
