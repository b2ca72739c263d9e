import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  advanceRoute,
  collapseOwnHops,
  finalDestination,
  findSourceRoute,
  nextHop,
  type OwnAddresses,
  recordHop,
  remainingHopsOwn,
} from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { hex, toHex, viewOfBytes } from "../support/options.ts";

const U = 0xc6336407;
const A = 0xcb007109;
const G = 0xc6336532;
const C2 = 0xc000034d;

/** U and U2 are own unicast addresses, A is own and shared. */
const OWN: OwnAddresses = {
  isOwn: (address) => address === U || address === 0xc6336507 || address === A,
  isOwnUnicast: (address) => address === U || address === 0xc6336507,
};

/** A header from C to `destination` with the options given; only what the operations read. */
function packet(destination: number, options: string): { view: DataView; bytes: Uint8Array } {
  const area = hex(options);
  const bytes = new Uint8Array(20 + area.length);
  bytes.set(area, 20);
  const view = viewOfBytes(bytes);
  view.setUint8(0, 0x40 | (bytes.length >>> 2));
  view.setUint32(12, 0xc0000201);
  view.setUint32(16, destination);
  return { view, bytes };
}

const walk = new OptionWalk();
const routeOf = (view: DataView): number => findSourceRoute(walk, view, 20, view.byteLength - 20);

test("finds a source route behind other options, not behind an end of list", () => {
  assert.is(routeOf(packet(U, "01 94040000 83070400000000").view), 25);
  assert.is(routeOf(packet(U, "00 8307040000000000").view), -1);
  assert.is(routeOf(packet(U, "99 00 8307040000000000").view), -1);
});

test("26: one hop makes the next address the destination and records the way out", () => {
  const { view, bytes } = packet(U, "01 830704 c6336532");
  assert.is(nextHop(view, routeOf(view)), G);
  assert.is(advanceRoute(view, 0, routeOf(view), 0xc6336507), null);
  assert.is(toHex(bytes.subarray(16)), "c633653201830708c6336507");
  assert.is(nextHop(view, routeOf(view)), "route-complete");
});

test("27: the hop after the next one stays where it is", () => {
  const { view, bytes } = packet(U, "01 830b04 c6336532 c000034d");
  assert.is(advanceRoute(view, 0, routeOf(view), 0xc6336507), null);
  assert.is(toHex(bytes.subarray(16)), "c633653201830b08c6336507c000034d");
});

test("34: an own next hop is collapsed, the address being left recorded", () => {
  const { view, bytes } = packet(U, "01 830b04 c6336507 c6336532");
  assert.is(collapseOwnHops(view, 0, routeOf(view), OWN, U), 1);
  assert.is(toHex(bytes.subarray(16)), "c633650701830b08c6336407c6336532");
  assert.is(collapseOwnHops(view, 0, routeOf(view), OWN, U), "next-not-ours");
});

test("61: a route from own unicast to own shared address ends here at once", () => {
  const { view, bytes } = packet(U, "01 830704 cb007109");
  assert.ok(remainingHopsOwn(view, routeOf(view), OWN));
  assert.is(collapseOwnHops(view, 0, routeOf(view), OWN, U), 1);
  assert.is(toHex(bytes.subarray(16)), "cb00710901830708c6336407");
});

test("68: a shared address is never recorded; the stand-in is", () => {
  const { view, bytes } = packet(A, "01 830704 c6336407");
  assert.is(collapseOwnHops(view, 0, routeOf(view), OWN, 0xc6336507), 1);
  assert.is(toHex(bytes.subarray(16)), "c633640701830708c6336507");
});

const REFUSALS: [about: string, destination: number, options: string, refusal: string][] = [
  ["a completed route", U, "01 830708 c6336532", "route-complete"],
  ["a pointer far past the end", U, "01 8307ff c6336532", "route-complete"],
  ["a pointer below 4", U, "01 830703 c6336532", "malformed"],
  ["a pointer between two slots", U, "01 830705 c6336532", "malformed"],
  ["a length that is not whole slots", U, "830809 c6336532 aa", "malformed"],
];
for (const [about, destination, options, refusal] of REFUSALS) {
  test(`refuses ${about} and changes nothing`, () => {
    const { view, bytes } = packet(destination, options);
    const before = toHex(bytes);
    const at = routeOf(view);
    assert.is(nextHop(view, at), refusal);
    assert.is(advanceRoute(view, 0, at, 1), refusal);
    assert.is(recordHop(view, at, 1), refusal);
    assert.is(collapseOwnHops(view, 0, at, OWN, U), refusal);
    assert.is(toHex(bytes), before);
  });
}

test("does not collapse for a destination that is not own", () => {
  const { view } = packet(C2, "01 830704 c6336407");
  assert.is(collapseOwnHops(view, 0, routeOf(view), OWN, U), "not-ours");
});

test("names the final destination, route completed or not", () => {
  const cases: [number, string, number][] = [
    [U, "01 830b04 c6336532 c000034d", C2],
    [U, "01 830b08 c6336507 c000034d", C2],
    [C2, "01 830b0c c6336507 c6336532", C2],
    [C2, "", C2],
  ];
  for (const [destination, options, final] of cases) {
    const { view } = packet(destination, options);
    assert.is(finalDestination(view, 0, routeOf(view)), final);
  }
});

test.run();
