/** Cases 63 to 70 of the specification's section 6: the pin and what it meets. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ipOutput } from "../../../stack/ip/ip-output.ts";
import { makeSendState, type SendOptions, type SendState } from "../../../stack/ip/send-options.ts";
import type { StackOptions } from "../../../stack/stack.ts";
import { fromHex, ip, ipPacket } from "../../support/ip-packet.ts";
import { A, C, C2, hexOf, R1, U, U2, type WorldW, worldW } from "../../support/world-w.ts";

const optionsOf = (packet: string): string => packet.slice(40, 8 * Number.parseInt(packet[1], 16));

/** Gives `world` a SYN to A with these options; returns what TCP would answer along. */
function syn(world: WorldW, source: string, options: string): SendOptions | null {
  world.tcp.deliveries.length = 0;
  const payload = "9c40005000001000000000005002ffff00000000";
  world.receive(ipPacket({ source, destination: A, options, protocol: 6, payload }));
  const [delivery] = world.tcp.deliveries;
  assert.ok(delivery, "the SYN is delivered");
  return delivery.reply;
}

/** Sends 20 bytes of TCP from A; returns the packets that left by if0 and if1. */
function answer(world: WorldW, to: string, options: SendOptions | null, state?: SendState) {
  const lent = state ?? makeSendState();
  lent.options = options;
  const m = world.pool.from(new Uint8Array(20));
  if (!m) throw new Error("no buffer");
  const error = ipOutput(world.stack, m, ip(A), ip(to), 6, lent);
  world.settle();
  assert.is(world.pool.outstanding, 0);
  return { error, by0: world.out0.take(), by1: world.out1.take() };
}

const routeOf = (world: WorldW): number[] => world.tcp.deliveries[0].route;

test("case 63: in two passes the reply's TTL is 63 and its slot the outgoing address", () => {
  const world = worldW({ pinRx: true, twoPass: true });
  const { by0 } = answer(world, C, syn(world, C, ""));
  assert.is(Number.parseInt(by0[0].slice(16, 18), 16), 63);
  assert.is(optionsOf(by0[0]), `01830708${hexOf(U)}`);
});

const figure2: [string, Partial<StackOptions>, string][] = [
  ["receive path", { pinRx: true }, U],
  ["both paths", { pinRx: true, pinTx: true }, U],
  ["transmit path", { pinTx: true }, U2],
  ["receive path in two passes", { pinRx: true, twoPass: true }, U2],
];
for (const [name, options, pinned] of figure2) {
  test(`case 64 (Figure 2): in by if0, out by if1, the ${name} pins ${pinned}`, () => {
    const world = worldW(options);
    const { by0, by1 } = answer(world, C2, syn(world, C2, ""));
    assert.equal(by0, []);
    assert.is(optionsOf(by1[0]), `01830708${hexOf(pinned)}`);
  });
}

test("case 66: a route that came through an own address, of any interface, is left alone", () => {
  for (const own of [U, U2]) {
    const world = worldW({ pinRx: true });
    syn(world, C, `01830708${hexOf(own)}`);
    assert.equal(routeOf(world), [ip(own)]);
    assert.is(world.stack.stats.pinnedReceive, 0);
  }
});

test("case 67: {U,R1>>} becomes {U,R1,U>>}", () => {
  const world = worldW({ pinRx: true });
  syn(world, C, `01830b0c${hexOf(U)}${hexOf(R1)}`);
  assert.equal(routeOf(world), [U, R1, U].map(ip));
});

test("case 68: a shared address in the route gets the own one behind it, and is never passed on", () => {
  const world = worldW({ pinRx: true });
  const reply = syn(world, C, `01830708${hexOf(A)}`);
  assert.equal(routeOf(world), [A, U].map(ip));
  const { by0 } = answer(world, C, reply);
  assert.is(optionsOf(by0[0]), `01830b0c${hexOf(U)}${hexOf(U)}`);
});

test("case 69: nine foreign hops are delivered unpinned, and counted", () => {
  const world = worldW({ pinRx: true });
  const hops = Array.from({ length: 9 }, (_, i) => hexOf(`10.0.0.${i + 1}`)).join("");
  const reply = syn(world, C, `018327${"28"}${hops}`);
  assert.is(routeOf(world).length, 9);
  assert.is(world.stack.stats.anycastNoSpace, 1);
  assert.is(reply?.bytes.length, 40);
});

test("case 70: 36 bytes of other options leave no room for the pin, 32 do", () => {
  const world = worldW({ pinTx: true });
  const record = (length: number): SendOptions => {
    const bytes = new Uint8Array((length + 3) & ~3);
    bytes.set([7, length, 4]);
    return { firstHop: 0, bytes };
  };
  const full = answer(world, C, record(35));
  assert.is(full.error, null);
  assert.is(full.by0[0].slice(0, 2), "4e");
  assert.is(world.stack.stats.anycastNoSpace, 1);
  const fits = answer(world, C, record(31));
  assert.is(fits.by0[0].slice(0, 2), "4f");
  assert.ok(optionsOf(fits.by0[0]).includes(`830708${hexOf(U)}`));
  assert.is(world.stack.stats.pinnedTransmit, 1);
});

test("an application's route keeps its hops; the pin stands before its pointer", () => {
  const world = worldW({ pinTx: true });
  const route: SendOptions = { firstHop: ip(R1), bytes: fromHex(`01830704${hexOf(C)}`) };
  const { by0 } = answer(world, C, route);
  assert.is(by0[0].slice(32, 40), hexOf(R1));
  assert.is(optionsOf(by0[0]), `01830b08${hexOf(U)}${hexOf(C)}`);
});

test("the sticky pin outlives a change of route, the plain one follows it", () => {
  for (const [stickyPin, expected] of [
    [true, U],
    [false, U2],
  ] as const) {
    const world = worldW({ pinTx: true, stickyPin });
    const state = makeSendState();
    assert.is(optionsOf(answer(world, C, null, state).by0[0]), `01830708${hexOf(U)}`);
    world.stack.addRoute({ prefix: ip(C), prefixLength: 32, gateway: ip("198.51.101.1") });
    assert.is(optionsOf(answer(world, C, null, state).by1[0]), `01830708${hexOf(expected)}`);
  }
});

test("what leaves from a plain address, or by another protocol, is not pinned", () => {
  const world = worldW({ pinTx: true, pinRx: true });
  const m = world.pool.from(new Uint8Array(20));
  if (!m) throw new Error("no buffer");
  ipOutput(world.stack, m, ip(U), ip(C), 6, null);
  world.receive(ipPacket({ source: C, destination: A }));
  for (const packet of world.out0.take()) assert.is(packet[1], "5");
});

test("an interface without an address of its own pins with pinAddress, else the lowest", () => {
  for (const [pinAddress, expected] of [
    [ip(U2), U2],
    [0, U],
  ] as const) {
    const world = worldW({ pinTx: true, pinAddress });
    world.if0.unicast = 0;
    assert.is(optionsOf(answer(world, C, null).by0[0]), `01830708${hexOf(expected)}`);
  }
});

test.run();
