import { test } from "uvu";
import * as assert from "uvu/assert";
import { pinOnReceive, pinOnTransmit } from "../../ipopts/pin.ts";
import { SavedRoute } from "../../ipopts/saved-route.ts";
import type { OwnAddresses } from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { hex, toHex, viewOfBytes } from "../support/options.ts";
import { testRandom } from "../support/random.ts";

const C = 0xc0000201;
const U = 0xc6336407;
const A = 0xcb007109;
const OWN: OwnAddresses = {
  isOwn: (address) => address === U || address === 0xc6336507 || address === A,
  isOwnUnicast: (address) => address === U || address === 0xc6336507,
};

/** Saves the route at the start of `option` (NOP allowed) from C. */
function saved(option: string): SavedRoute {
  const route = new SavedRoute();
  const bytes = hex(option);
  route.save(viewOfBytes(bytes), bytes[0] === 1 ? 1 : 0, C);
  return route;
}

/** First hop and reply options as text. */
function reply(route: SavedRoute): string {
  const bytes = new Uint8Array(44);
  return toHex(bytes.subarray(0, route.writeOptions(viewOfBytes(bytes), 0)));
}

const CASES: [about: string, option: string, control: string][] = [
  ["38: one hop", "01830708c6336432", "c6336432 01830704c0000201"],
  ["39: two hops", "01830b0cc633643cc6336432", "c6336432 01830b04c633643cc0000201"],
  ["39: a strict route", "01890b0cc633643cc6336432", "c6336432 01890b04c633643cc0000201"],
  [
    "41: a route that begins with its own source",
    "01830b0cc0000201c6336432",
    "c6336432 01830704c0000201",
  ],
  ["42: a route of its source alone", "01830708c0000201", ""],
  ["only what was visited", "01830b08c633643cc6336432", "c633643c 01830704c0000201"],
];
for (const [about, option, control] of CASES) {
  test(`reverses ${about}`, () => assert.is(reply(saved(option)), control.replace(" ", "")));
}

test("40: reverses nine hops", () => {
  const hops = Array.from({ length: 9 }, (_, i) => (0xc633642a + i).toString(16));
  const back = [...hops].reverse();
  assert.is(
    reply(saved(`01832728${hops.join("")}`)),
    `${back[0]}01832704${back.slice(1).join("")}c0000201`,
  );
});

test("reverse(reverse(route)) is the route, whatever hops it has", () => {
  const random = testRandom(31);
  for (let i = 0; i < 5000; i++) {
    const count = 1 + random.below(9);
    const there = new SavedRoute();
    there.begin(C);
    for (let n = 0; n < count; n++) there.append(random.word());
    if (there.hops[0] === C) continue;
    // What the peer sees when every hop of the reply has recorded the address it was named by.
    const option = new Uint8Array(40);
    const view = viewOfBytes(option);
    const length = there.writeReply(view, 0);
    for (let n = 0; n < count; n++) view.setUint32(4 + 4 * n, there.hops[count - 1 - n]);
    view.setUint8(3, length);
    const back = new SavedRoute();
    assert.is(back.save(view, 1, A), there.hops[count - 1] === A ? back.save(view, 1, A) : null);
    if (there.hops[count - 1] === A) continue;
    back.writeReply(view, 0);
    const again = Array.from({ length: count }, (_, n) => view.getUint32(4 + 4 * n));
    assert.is(back.firstHop(), there.hops[0]);
    assert.equal(again, [...there.hops.subarray(1, count), A]);
  }
});

test("refuses to save a malformed or empty route, and holds none then", () => {
  const route = saved("01830708c6336432");
  assert.is(route.save(viewOfBytes(hex("830705c6336432")), 0, C), "malformed");
  assert.is(route.count, 0);
  assert.is(route.save(viewOfBytes(hex("830304")), 0, C), "no-route");
  assert.is(route.firstHop(), C);
});

const RECEIVE: [about: string, option: string, said: string | null, control: string][] = [
  ["60: no route", "", null, "c6336407 01830704c0000201"],
  ["66: a route that ends in U", "01830708c6336407", "already-pinned", "c6336407 01830704c0000201"],
  [
    "66: a route that ends in U2",
    "01830708c6336507",
    "already-pinned",
    "c6336507 01830704c0000201",
  ],
  [
    "67: a foreign last hop",
    "01830b0cc6336407c6336432",
    null,
    "c6336407 01830f04c6336432c6336407c0000201",
  ],
  ["68: an own shared last hop", "01830708cb007109", null, "c6336407 01830b04cb007109c0000201"],
  ["69: nine foreign hops", `01832728${"c633642a".repeat(9)}`, "route-full", ""],
];
for (const [about, option, said, control] of RECEIVE) {
  test(`the receive path pins ${about}`, () => {
    const route = new SavedRoute();
    if (option === "") route.begin(C);
    else route.save(viewOfBytes(hex(option)), 1, C);
    assert.is(pinOnReceive(route, U, OWN), said);
    if (control) assert.is(reply(route), control.replace(" ", ""));
  });
}

const walk = new OptionWalk();
const TRANSMIT: [about: string, options: string, after: string][] = [
  ["59: a segment without options", "", "01830708c6336407"],
  ["65: a route on its way to the client", "01830b08c6336407c0000201", "already-pinned"],
  ["64: a route that left by U2", "01830708c6336507", "already-pinned"],
  ["a route to a foreign first hop", "01830704c0000201", "01830b08c6336407c0000201"],
  ["a route whose last hop is shared", "01830708cb007109", "01830b0ccb007109c6336407"],
  ["70: a header without room", `0723 04${"00".repeat(32)} 00`, "no-space"],
  ["a malformed area", "99000000", "malformed"],
  ["a malformed route", "83060400 00000000", "malformed"],
];
for (const [about, options, after] of TRANSMIT) {
  test(`the transmit path pins ${about}`, () => {
    const bytes = new Uint8Array(40);
    const area = hex(options);
    bytes.set(area);
    const result = pinOnTransmit(walk, viewOfBytes(bytes), 0, area.length, U, OWN);
    assert.is(typeof result === "number" ? toHex(bytes.subarray(0, result)) : result, after);
  });
}

test.run();
