/** IPv6 fragments made, joined in any order, thrown away where they overlap, bounded in time and number. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { makeSendState } from "../../../stack/ip/send-options.ts";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { ip6Output } from "../../../stack/ip6/ip6-output.ts";
import { Udp } from "../../../stack/udp/udp.ts";
import { fromHex, toHex } from "../../support/ip-packet.ts";
import { ip6Packet } from "../../support/ip6-packet.ts";
import { testRandom } from "../../support/random.ts";
import { C6, from6, G6, icmpOf6, U6, world6 } from "../../support/world6.ts";

type Piece = readonly [offset: number, more: number, size: number, next?: string];

/** `size` bytes at `offset`, of TCP if not told otherwise, behind a fragment header; each could be an echo's. */
const fragment = (...[offset, more, size, next = "06"]: Piece): Uint8Array =>
  from6(
    44,
    `${next}00${(offset | more).toString(16).padStart(4, "0")}00000007${"80".repeat(size)}`,
  );

test("extension headers for the way stand in front of every fragment", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = testRandom(seed);
    const sender = world6();
    const data = random.bytes(2000 + random.below(6000));
    const m = sender.pool.from(data);
    if (!m) throw new Error("no buffer");
    const state = makeSendState();
    const options = "0000010400000000";
    state.extension = {
      firstHop: null,
      source: null,
      first: 60,
      bytes: fromHex(options),
      nextAt: 0,
    };
    ip6Output(sender.stack, m, In6Addr.parse(U6), In6Addr.parse(G6), 6, state);
    const pieces = sender.out1.packets.splice(0);
    for (const piece of pieces) {
      assert.equal([piece[6], piece[40], piece[48]], [60, 44, 6]);
    }
    const receiver = world6();
    receiver.stack.addAddress(receiver.if0, In6Addr.parse(G6), 64);
    for (const piece of pieces.reverse()) receiver.receive(piece);
    assert.equal(
      receiver.upper.seen.map((seen) => seen.payload),
      [toHex(data)],
    );
    assert.is(receiver.pool.outstanding + sender.pool.outstanding, 0);
  }
});

test("fragments of UDP over IPv6 are cut to the path's MTU and joined in any order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = testRandom(seed);
    const sender = world6();
    sender.stack.addAddress(sender.if0, In6Addr.parse(C6), 128);
    const so = new Udp(sender.stack).socket(6);
    const data = random.bytes(1500 + random.below(20_000));
    so.bind(In6Addr.parse(C6), 4000);
    so.sendTo(data, In6Addr.parse(G6), 53);
    const pieces = sender.out1.packets.splice(0);
    assert.ok(pieces.length > 1);
    for (const piece of pieces) assert.ok(piece.length <= 1500);
    const receiver = world6();
    receiver.stack.addAddress(receiver.if0, In6Addr.parse(G6), 64);
    const server = new Udp(receiver.stack).socket(6);
    server.bind(In6Addr.parse("::"), 53);
    for (let i = pieces.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [pieces[i], pieces[j]] = [pieces[j], pieces[i]];
    }
    for (const piece of pieces) receiver.receive(piece);
    const into = new Uint8Array(65_536);
    const got = server.receiveFrom(into);
    if (typeof got === "string") throw new Error(`${got} for seed ${seed}`);
    assert.is(toHex(into.slice(0, got.count)), toHex(data));
    assert.is(receiver.pool.outstanding + sender.pool.outstanding, 0);
  }
});

test("overlapping IPv6 fragments lose their datagram, a missing one its minute", () => {
  const world = world6();
  world.receive(fragment(0, 1, 24));
  world.receive(fragment(16, 1, 24));
  assert.is(world.stack.stats.dropped("fragmentOverlap"), 2);
  assert.is(world.pool.outstanding, 0);
  world.receive(fragment(0, 1, 24));
  world.clock.advance(61 * SECOND);
  assert.is(icmpOf6(world.out0.take()[0]), "3/1 0");
  assert.is(world.pool.outstanding, 0);
});

test("IPv6 fragments wait for a minute, and only the first is worth an error", () => {
  for (const [offset, error] of [
    [0, "3/1 0"],
    [16, undefined],
  ] as const) {
    const world = world6();
    world.receive(fragment(offset, 1, 24));
    world.clock.advance(59 * SECOND);
    assert.is(world.stack.stats.fragmentsHeld, 1);
    world.clock.advance(60 * SECOND);
    assert.equal([world.stack.stats.fragmentsHeld, world.pool.outstanding], [0, 0]);
    const [sent] = world.out0.take();
    assert.is(sent && icmpOf6(sent), error);
  }
});

test("an IPv6 fragment that none can be is answered with where it is wrong, or dropped", () => {
  for (const [what, packet, error] of [
    ["the first, not of 8-byte units", fragment(0, 1, 20), "4/0 4"],
    ["a later one, not of 8-byte units", fragment(16, 1, 20), "4/0 4"],
    ["the same of a message that may be an error", fragment(16, 1, 20, "3a"), undefined],
    ["an end beyond 65,535 bytes", fragment(0xfff8, 0, 24), "4/0 42"],
    ["no data", fragment(16, 0, 0), undefined],
  ] as const) {
    const world = world6();
    world.receive(packet);
    const [sent] = world.out0.take();
    assert.is(sent && icmpOf6(sent), error, what);
    assert.is(world.stack.stats.dropped("badFragment"), 1, what);
    assert.is(world.pool.outstanding, 0, what);
  }
});

const DAMAGED: readonly [what: string, first: Piece, second: Piece][] = [
  ["of the same offset and another length", [0, 1, 24], [0, 1, 32]],
  ["beyond the last one", [24, 0, 24], [64, 1, 24]],
  ["that is another end", [24, 0, 24], [64, 0, 24]],
  ["that is the last in front of others", [64, 1, 24], [24, 0, 24]],
];
for (const [what, first, second] of DAMAGED) {
  test(`an IPv6 fragment ${what} throws its datagram away`, () => {
    const world = world6();
    world.receive(fragment(...first));
    assert.is(world.stack.stats.fragmentsHeld, 1);
    world.receive(fragment(...second));
    assert.is(world.stack.stats.dropped("fragmentOverlap"), 2);
    assert.is(world.pool.outstanding, 0);
  });
}

test("one source may hold so many IPv6 fragments, all together so many", () => {
  const world = world6({ fragmentLimit: 16, fragmentLimitPerSource: 4 });
  const piece = (source: string, id: number) =>
    ip6Packet({
      source,
      destination: U6,
      next: 44,
      payload: `06000001${id.toString(16).padStart(8, "0")}${"00".repeat(24)}`,
    });
  for (let id = 0; id < 10; id++) world.receive(piece(C6, id));
  assert.is(world.stack.stats.fragmentsHeld, 4);
  assert.is(world.stack.stats.dropped("fragmentLimit"), 6);
  for (let host = 1; host <= 20; host++) world.receive(piece(`2001:db8:c::1:${host}`, 1));
  assert.is(world.stack.stats.fragmentsHeld, 16);
  world.stack.reassembly6.clear();
  assert.is(world.pool.outstanding, 0);
});

test.run();
