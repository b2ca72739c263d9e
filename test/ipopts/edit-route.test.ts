import { test } from "uvu";
import * as assert from "uvu/assert";
import { appendVisitedRoute, insertVisitedHop, stripSourceRoute } from "../../ipopts/edit-route.ts";
import { blankForFragment, copyToFragment } from "../../ipopts/fragment.ts";
import type { Refusal } from "../../ipopts/refusal.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { hex, toHex, viewOfBytes } from "../support/options.ts";

const walk = new OptionWalk();
const U = 0xc6336407;

type Edit = (view: DataView, offset: number, length: number) => number | Refusal;

/** Runs an edit on an area with room for 40 bytes between two guards; the area or the refusal. */
function edited(options: string, edit: Edit): string {
  const bytes = new Uint8Array(48).fill(0xa5);
  const area = hex(options);
  bytes.set(area, 4);
  const result = edit(viewOfBytes(bytes), 4, area.length);
  assert.is(toHex(bytes.subarray(0, 4)) + toHex(bytes.subarray(44)), "a5a5a5a5a5a5a5a5");
  if (typeof result === "number") return toHex(bytes.subarray(4, 4 + result));
  assert.is(toHex(bytes.subarray(4, 4 + area.length)), toHex(area), "a refusal changes nothing");
  return result;
}

const insert: Edit = (view, at, length) => insertVisitedHop(walk, view, at, length, U);
const append: Edit = (view, at, length) => appendVisitedRoute(walk, view, at, length, U);
const strip: Edit = (view, at, length) => stripSourceRoute(walk, view, at, length);

const nine = "c633642a".repeat(9);
const CASES: [about: string, edit: Edit, options: string, after: string][] = [
  [
    "inserts before the pointer",
    insert,
    "01830b08c6336432c0000201",
    "01830f0cc6336432c6336407c0000201",
  ],
  ["inserts behind a completed route", insert, "01830708c6336432", "01830b0cc6336432c6336407"],
  [
    "inserts at the end for a pointer far past it",
    insert,
    "018307ffc6336432",
    "01830b0cc6336432c6336407",
  ],
  [
    "keeps what follows the route",
    insert,
    "830708c63364329404000000",
    "830b0cc6336432c63364079404000000",
  ],
  ["inserts only into a route", insert, "94040000", "no-route"],
  ["refuses a tenth hop", insert, `018327 28${nine}`, "route-full"],
  [
    "refuses to pass 40 bytes",
    insert,
    `07${"1f04"}${"00000000".repeat(7)}01830708c6336432`,
    "no-space",
  ],
  ["refuses a malformed route", insert, "01830705c6336432", "malformed"],
  ["creates a route in an empty area", append, "", "01830708c6336407"],
  ["aligns the slot it creates", append, "94040000", "9404000001830708c6336407"],
  ["writes over EOL padding", append, "0707040000000000", "070704000000000101830708c6336407"],
  ["refuses to create in 4 bytes", append, "94040000".repeat(9), "no-space"],
  ["strips a route and its NOP", strip, "01830708c633643294040000", "94040000"],
  ["leaves the NOP of another option", strip, "0194040000 830708c6336432", "0194040000000000"],
  ["strips and pads", strip, "94040000 830708c6336432 00", "94040000"],
  ["strips only a route", strip, "94040000", "no-route"],
];
for (const [about, edit, options, after] of CASES) {
  test(about, () => assert.is(edited(options, edit), after));
}

test("70: 32 bytes of other options leave room for a route, 36 do not", () => {
  const recorded = (slots: number) =>
    `07${(3 + 4 * slots).toString(16).padStart(2, "0")}04${"00000000".repeat(slots)}01`;
  assert.is(edited(recorded(7), append).length / 2, 40);
  assert.is(edited(recorded(8), append), "no-space");
});

test("56: later fragments carry the route, and not the record", () => {
  const area = hex("01830704c6336532 07070400000000 00");
  const out = new Uint8Array(40);
  const length = copyToFragment(walk, viewOfBytes(area), 0, area.length, viewOfBytes(out), 0);
  assert.is(length, 8);
  assert.is(toHex(out.subarray(0, 8)), "01830704c6336532");
  assert.is(blankForFragment(walk, viewOfBytes(area), 0, area.length), 1);
  assert.is(toHex(area), "01830704c63365320101010101010100");
});

test("refuses to fragment a malformed area", () => {
  const area = hex("07000400");
  assert.is(
    copyToFragment(walk, viewOfBytes(area), 0, 4, viewOfBytes(new Uint8Array(40)), 0),
    "malformed",
  );
  assert.is(blankForFragment(walk, viewOfBytes(area), 0, 4), "malformed");
});

test.run();
