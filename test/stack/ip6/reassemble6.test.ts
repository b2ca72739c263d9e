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
  const piece = (offset: number, more: number, size: number) =>
    from6(44, `0600${(offset | more).toString(16).padStart(4, "0")}00000007${"00".repeat(size)}`);
  world.receive(piece(0, 1, 24));
  world.receive(piece(16, 1, 24));
  assert.is(world.stack.stats.dropped("fragmentOverlap"), 2);
  assert.is(world.pool.outstanding, 0);
  world.receive(piece(0, 1, 24));
  world.clock.advance(61 * SECOND);
  assert.is(icmpOf6(world.out0.take()[0]), "3/1 0");
  assert.is(world.pool.outstanding, 0);
});

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
