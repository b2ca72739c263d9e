/** Reassembly: any order, any cut, repetitions and overlaps; limits, time-out and what they say. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { M_LINK_BROADCAST } from "../../../stack/mbuf.ts";
import { icmpEcho, ip, ipPacket, toHex } from "../../support/ip-packet.ts";
import { type TestRandom, testRandom } from "../../support/random.ts";
import { A, C, C2, hexOf, U, U2, type WorldW, worldW } from "../../support/world-w.ts";

interface Piece {
  from: number;
  to: number;
}

const fragment = (payload: Uint8Array, { from, to }: Piece, id: number, source = C): Uint8Array =>
  ipPacket({
    source,
    destination: A,
    protocol: 6,
    id,
    fragment: (to < payload.length ? 0x2000 : 0) | (from / 8),
    payload: payload.slice(from, to),
  });

/** Cuts at multiples of 8; with `overlap` pieces reach back and forth. */
function cut(length: number, random: TestRandom, overlap: boolean): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + 8 * (1 + random.below(40)));
    const back = overlap ? 8 * random.below(Math.min(6, from / 8 + 1)) : 0;
    const on = overlap ? 8 * random.below(6) : 0;
    pieces.push({ from: from - back, to: Math.min(length, to + on) });
    from = to;
  }
  return pieces;
}

function shuffle<T>(items: T[], random: TestRandom): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j], items[i]];
  }
  return items;
}

/** Every fragment is accounted for: in a datagram, held, or dropped. */
function balanced({ stack, pool }: WorldW): void {
  const { stats } = stack;
  const ended = stats.delivered + stats.fragmentsMerged + stats.fragmentsHeld + stats.droppedTotal;
  assert.is(stats.ipReceived, ended, JSON.stringify(stats));
  assert.is(pool.outstanding, stats.fragmentsHeld);
}

test("whatever the cut, the order and the repetitions, the datagram is what was sent", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = testRandom(seed);
    const overlap = seed % 2 === 0;
    const payload = random.bytes(1 + random.below(6000));
    const pieces = cut(payload.length, random, overlap);
    const repeated = pieces.filter(() => random.below(3) === 0);
    const world = worldW();
    for (const piece of shuffle([...pieces, ...repeated], random)) {
      world.receive(fragment(payload, piece, 7));
      balanced(world);
    }
    const whole = world.tcp.deliveries.map((d) => d.packet.slice(40));
    assert.ok(whole.length >= 1, `seed ${seed}`);
    for (const each of whole) assert.is(each, toHex(payload), `seed ${seed}`);
    world.clock.advance(world.clock.now() + 60 * SECOND);
    balanced(world);
    assert.is(world.pool.outstanding, 0);
    assert.is(world.clock.pending, 0);
  }
});

test("the bytes of the fragment that begins first stay: a later one cannot rewrite a header", () => {
  const world = worldW();
  const good = new Uint8Array(48).fill(1);
  const evil = new Uint8Array(48).fill(9);
  world.receive(fragment(good, { from: 0, to: 24 }, 7));
  world.receive(fragment(evil, { from: 8, to: 48 }, 7));
  const [whole] = world.tcp.deliveries;
  assert.is(whole.packet.slice(40), "01".repeat(24) + "09".repeat(24));
});

test("after 30 seconds a datagram is given up, its sender told if the first fragment was here", () => {
  for (const [from, answers] of [
    [0, 1],
    [16, 0],
  ]) {
    const world = worldW();
    world.receive(fragment(new Uint8Array(64), { from, to: from + 16 }, 7));
    world.clock.advance(29 * SECOND);
    assert.is(world.stack.stats.fragmentsHeld, 1);
    world.clock.advance(30 * SECOND);
    balanced(world);
    assert.is(world.stack.stats.dropped("fragmentTimeout"), 1);
    const sent = world.out0.take();
    assert.is(sent.length, answers);
    if (answers) assert.is(sent[0].slice(40, 44), "0b01");
  }
});

test("what the sender is told quotes the first fragment's header as it was sent", () => {
  const world = worldW();
  const sent = ipPacket({
    source: C,
    destination: A,
    protocol: 6,
    id: 7,
    fragment: 0x6000,
    payload: new Uint8Array(16),
  });
  world.receive(sent);
  world.clock.advance(31 * SECOND);
  const [error] = world.out0.take();
  assert.is(error.slice(56, 96), toHex(sent.slice(0, 20)));
});

test("what is known of a packet is known of the datagram: where it was for, and how it came", () => {
  const pinned = worldW({ pinRx: true });
  const payload = new Uint8Array(32);
  for (const piece of [
    { from: 16, to: 32 },
    { from: 0, to: 16 },
  ]) {
    pinned.receive(fragment(payload, piece, 7));
  }
  assert.equal(pinned.tcp.deliveries[0].route, [ip(U)], "the shared address A");
  const echo = icmpEcho();
  const broadcast = worldW();
  for (const from of [0, 8]) {
    const fields = {
      source: C2,
      destination: "198.51.101.255",
      payload: echo.slice(from, from + 8),
    };
    broadcast.receive(ipPacket({ ...fields, fragment: from ? 1 : 0x2000 }), broadcast.if1);
  }
  assert.is(broadcast.out1.take()[0].slice(24, 32), hexOf(U2), "the interface it came in by");
  const frame = worldW();
  for (const from of [0, 8]) {
    const fields = { source: C, destination: U, protocol: 99, payload: echo.slice(from, from + 8) };
    const m = frame.pool.from(ipPacket({ ...fields, fragment: from ? 1 : 0x2000 }));
    if (!m) throw new Error("no buffer");
    m.flags = M_LINK_BROADCAST;
    frame.stack.input(m, frame.if0);
  }
  assert.is(frame.stack.stats.dropped("noProtocol"), 1);
  assert.equal(frame.out0.take(), [], "a broadcast frame is not answered");
});

test("a source whose datagrams come whole is not held back by how many there were", () => {
  const world = worldW({ fragmentLimitPerSource: 2 });
  const payload = new Uint8Array(32);
  for (let id = 0; id < 10; id++) {
    world.receive(fragment(payload, { from: 0, to: 16 }, id));
    world.receive(fragment(payload, { from: 16, to: 32 }, id));
  }
  assert.is(world.tcp.deliveries.length, 10);
  balanced(world);
});

test("the error about a datagram that never came whole is sent from where it was sent to", () => {
  const world = worldW();
  const payload = new Uint8Array(16);
  world.receive(ipPacket({ source: C, destination: U2, fragment: 0x2000, payload }));
  world.clock.advance(31 * SECOND);
  assert.is(world.out0.take()[0].slice(24, 32), hexOf(U2));
});

test("one source may hold so many buffers, all together so many, the oldest going first", () => {
  const world = worldW({ fragmentLimit: 16, fragmentLimitPerSource: 4 });
  const payload = new Uint8Array(64);
  for (let id = 0; id < 10; id++) world.receive(fragment(payload, { from: 0, to: 16 }, id));
  assert.is(world.stack.stats.fragmentsHeld, 4);
  assert.is(world.stack.stats.dropped("fragmentLimit"), 6);
  for (let host = 1; host <= 20; host++) {
    world.receive(fragment(payload, { from: 0, to: 16 }, 1, `10.0.0.${host}`));
  }
  assert.is(world.stack.stats.fragmentsHeld, 16);
  balanced(world);
});

test("pieces that cannot be of one datagram are refused", () => {
  const world = worldW();
  const payload = new Uint8Array(64);
  world.receive(ipPacket({ source: C, destination: U, fragment: 0x2000, payload: "010203" }));
  world.receive(ipPacket({ source: C, destination: U, fragment: 0x1fff, payload: icmpEcho() }));
  assert.is(world.stack.stats.dropped("badFragment"), 2);
  world.receive(fragment(payload, { from: 32, to: 64 }, 7));
  world.receive(fragment(new Uint8Array(96), { from: 64, to: 96 }, 7));
  world.receive(fragment(payload.slice(0, 40), { from: 24, to: 40 }, 7));
  assert.is(world.stack.stats.dropped("badFragment"), 4);
  balanced(world);
});

test("without a buffer for the whole the datagram is lost, and nothing leaks", () => {
  const world = worldW();
  const payload = new Uint8Array(64);
  world.receive(fragment(payload, { from: 0, to: 32 }, 7));
  const get = world.pool.get.bind(world.pool);
  const last = world.pool.from(fragment(payload, { from: 32, to: 64 }, 7));
  world.pool.get = () => null;
  if (last) world.stack.input(last, world.if0);
  world.pool.get = get;
  assert.is(world.stack.stats.dropped("noBuffers"), 2);
  balanced(world);
});

test.run();
