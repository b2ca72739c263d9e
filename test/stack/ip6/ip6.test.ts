/** IPv6 in, out and forwarded; extension headers; cases 83 to 86 of the specification. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { makeSendState } from "../../../stack/ip/send-options.ts";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { ip6Output } from "../../../stack/ip6/ip6-output.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { Stack, StackOptions } from "../../../stack/stack.ts";
import { Udp } from "../../../stack/udp/udp.ts";
import { fromHex, toHex } from "../../support/ip-packet.ts";
import { echo6, hex6, ip6Packet, sealed6 } from "../../support/ip6-packet.ts";
import { testRandom } from "../../support/random.ts";
import { worldW } from "../../support/world-w.ts";

const [A6, C6, U6, G6] = ["2001:db8:a::9", "2001:db8:c::1", "2001:db8:100::7", "2001:db8:200::5"];
/** An acknowledgement whose checksum is right between C6 and A6 (specification 1.5). */
const ACK = "9c4000500000100100002001501000ff87b00000";

class Upper {
  readonly name = "upper";
  readonly seen: {
    source: string;
    destination: string;
    payload: string;
    destinationMtu: number;
  }[] = [];
  errors = 0;

  input(_stack: Stack, m: Mbuf): void {
    this.seen.push({
      source: In6Addr.read(m.view, m.sourceAt).toString(),
      destination: In6Addr.read(m.view, m.destinationAt).toString(),
      payload: toHex(m.bytes.slice(m.off, m.off + m.len)),
      destinationMtu: 0,
    });
    m.free();
  }

  ctlInput(_stack: Stack, error: { mtu: number; view: DataView; quotedDestinationAt: number }) {
    this.errors++;
    const destination = In6Addr.read(error.view, error.quotedDestinationAt).toString();
    this.seen.push({ source: "", destination, payload: "", destinationMtu: error.mtu });
    return true;
  }
}

function world6(options: Partial<StackOptions> = {}) {
  const world = worldW(options);
  const { stack, if0, if1 } = world;
  stack.addAddress(if0, In6Addr.parse(U6), 64);
  stack.addAddress(if0, In6Addr.parse(A6), 128, true);
  stack.addAddress(if1, In6Addr.parse("2001:db8:200::7"), 64);
  stack.addRoute({
    prefix: In6Addr.parse("::"),
    prefixLength: 0,
    gateway: In6Addr.parse("2001:db8:100::1"),
  });
  const upper = new Upper();
  stack.register(6, upper);
  return { ...world, upper };
}

const from = (next: number, payload: string | Uint8Array, destination = U6, hopLimit = 64) =>
  ip6Packet({ source: C6, destination, next, payload, hopLimit });

/** Type, code and the word behind, of the ICMPv6 error in `packet`. */
const icmpOf = (packet: string): string =>
  `${Number.parseInt(packet.slice(80, 82), 16)}/${Number.parseInt(packet.slice(82, 84), 16)} ${Number.parseInt(packet.slice(88, 96), 16)}`;

test("an echo is answered with a right checksum", () => {
  const { receive, out0, pool } = world6();
  receive(from(58, echo6(C6, U6)));
  const [reply] = out0.take();
  const message = fromHex(reply.slice(80));
  assert.is(message[0], 129);
  assert.equal(toHex(sealed6(U6, C6, 58, message, 2)), toHex(message));
  assert.is(pool.outstanding, 0);
});

test("case 83: routing header 0 is an unknown type, passed over when nothing is left", () => {
  const world = world6();
  world.receive(from(43, `0602000100000000${hex6(A6)}${ACK}`));
  assert.is(icmpOf(world.out0.take()[0]), "4/0 42");
  world.receive(from(43, `0602000000000000${hex6(U6)}${ACK}`, A6));
  assert.equal(
    world.upper.seen.map((s) => s.destination),
    [A6],
  );
});

test("under RFC 1883 routing header 0 is followed, to ourselves and to others", () => {
  const world = world6({ rfc1883: true, forwarding: true });
  world.receive(from(43, `0602000100000000${hex6(A6)}${ACK}`));
  const [segment] = world.upper.seen;
  assert.equal([segment.destination, segment.payload], [A6, ACK]);
  world.receive(from(43, `0602000100000000${hex6(G6)}${ACK}`));
  const [onward] = world.out1.take();
  assert.is(onward.slice(48, 80), hex6(G6));
  assert.is(onward.slice(14, 16), "3f");
  assert.is(onward.slice(80), `0602000000000000${hex6(U6)}${ACK}`);
});

test("case 84: routing header 2 of the wrong shape ends in silence, the right one is delivered", () => {
  const world = world6();
  for (const wrong of [
    `0602020200000000${hex6(A6)}${ACK}`,
    `0604020100000000${hex6(A6)}${hex6(A6)}${ACK}`,
    `0602020100000000${hex6(C6)}${ACK}`,
  ]) {
    world.receive(from(43, wrong));
  }
  assert.equal([world.upper.seen.length, world.out0.take().length], [0, 0]);
  assert.is(world.stack.stats.dropped("routingHeaderRefused"), 3);
  world.receive(from(43, `0602020100000000${hex6(A6)}${ACK}`));
  assert.is(world.upper.seen[0].destination, A6);
});

test("case 85: a segment list that ends before its segments is 4/0 at segments left", () => {
  const world = world6({ segmentRouting: true });
  world.receive(from(43, `0604040301000000${hex6(A6)}${hex6(U6)}${ACK}`));
  assert.is(icmpOf(world.out0.take()[0]), "4/0 43");
});

test("case 86: a segment-routed packet is delivered, what answers it has no routing header", () => {
  const world = world6({ segmentRouting: true });
  world.receive(from(43, `0604040101000000${hex6(A6)}${hex6(U6)}${ACK}`));
  assert.is(world.upper.seen[0].destination, A6);
  const m = world.pool.from(fromHex(ACK));
  if (m) ip6Output(world.stack, m, In6Addr.parse(A6), In6Addr.parse(C6), 6, null);
  const [reply] = world.out0.take();
  assert.equal([reply.slice(12, 14), reply.length / 2], ["06", 60]);
});

test("a home address stands for the source where a binding vouches for it", () => {
  const world = world6();
  const packet = from(60, `060201020000c910${hex6(A6)}${ACK}`);
  world.receive(packet);
  assert.is(world.stack.stats.dropped("homeAddressUnknown"), 1);
  world.stack.hasBinding = () => true;
  world.receive(packet);
  assert.is(world.upper.seen[0].source, A6);
});

test("a router counts hops, and tells of those without a route, too long or out of hops", () => {
  const world = world6({ forwarding: true });
  world.receive(from(6, ACK, G6));
  assert.is(world.out1.take()[0].slice(14, 16), "3f");
  world.receive(from(6, ACK, G6, 1));
  assert.is(icmpOf(world.out0.take()[0]), "3/0 0");
  world.if1.mtu = 1280;
  world.receive(from(6, new Uint8Array(1300), G6));
  assert.is(icmpOf(world.out0.take()[0]), "2/0 1280");
  world.stack.routes6.remove(In6Addr.parse("::"), 0);
  world.stack.addAddress(world.if0, In6Addr.parse("2001:db8:c::2"), 64);
  world.receive(from(6, ACK, "2001:db8:999::1"));
  assert.is(icmpOf(world.out0.take()[0]), "1/0 0");
});

test("errors are not sent about errors, nor to many", () => {
  const world = world6({ forwarding: true });
  const error = sealed6(C6, G6, 58, fromHex(`0100000000000000${"60".padEnd(96, "0")}`), 2);
  world.receive(from(58, error, G6, 1));
  world.receive(from(99, ACK, "ff02::1"));
  assert.equal(world.out0.take(), []);
  assert.is(world.stack.stats.icmpSuppressed, 2);
  world.receive(from(99, ACK));
  assert.is(icmpOf(world.out0.take()[0]), "4/1 6");
});

test("packet too big reaches the protocol with the final destination of a routing header", () => {
  const world = world6();
  const quoted = ip6Packet({
    source: U6,
    destination: G6,
    next: 43,
    payload: `0602000100000000${hex6(C6)}${ACK}`,
  });
  const message = sealed6(G6, U6, 58, fromHex(`0200000000000514${toHex(quoted)}`), 2);
  world.receive(ip6Packet({ source: G6, destination: U6, next: 58, payload: message }));
  assert.equal(world.upper.seen[0].destination, C6);
  assert.is(world.upper.seen[0].destinationMtu, 1300);
});

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
    from(44, `0600${(offset | more).toString(16).padStart(4, "0")}00000007${"00".repeat(size)}`);
  world.receive(piece(0, 1, 24));
  world.receive(piece(16, 1, 24));
  assert.is(world.stack.stats.dropped("fragmentOverlap"), 2);
  assert.is(world.pool.outstanding, 0);
  world.receive(piece(0, 1, 24));
  world.clock.advance(61 * SECOND);
  assert.is(icmpOf(world.out0.take()[0]), "3/1 0");
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

test("ICMPv6 errors are limited: a burst at once, then so many in a second", () => {
  const world = world6({ icmpRate: 10, icmpBurst: 5 });
  const errors = (): number => {
    for (let i = 0; i < 8; i++) world.receive(from(99, "00".repeat(8)));
    return world.out0.take().length;
  };
  assert.is(errors(), 5);
  assert.is(world.stack.stats.icmpLimited, 3);
  world.clock.advance(SECOND / 2);
  assert.is(errors(), 5);
});

test.run();
