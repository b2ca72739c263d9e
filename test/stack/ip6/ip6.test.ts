/** IPv6 in, out and forwarded; extension headers; cases 83 to 86 of the specification. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { ip6Output } from "../../../stack/ip6/ip6-output.ts";
import { fromHex, toHex } from "../../support/ip-packet.ts";
import { echo6, hex6, ip6Packet, sealed6 } from "../../support/ip6-packet.ts";
import { A6, C6, from6, G6, icmpOf6, U6, world6 } from "../../support/world6.ts";

/** An acknowledgement whose checksum is right between C6 and A6 (specification 1.5). */
const ACK = "9c4000500000100100002001501000ff87b00000";

test("an echo is answered with a right checksum", () => {
  const { receive, out0, pool } = world6();
  receive(from6(58, echo6(C6, U6)));
  const [reply] = out0.take();
  const message = fromHex(reply.slice(80));
  assert.is(message[0], 129);
  assert.equal(toHex(sealed6(U6, C6, 58, message, 2)), toHex(message));
  assert.is(pool.outstanding, 0);
});

test("case 83: routing header 0 is an unknown type, passed over when nothing is left", () => {
  const world = world6();
  world.receive(from6(43, `0602000100000000${hex6(A6)}${ACK}`));
  assert.is(icmpOf6(world.out0.take()[0]), "4/0 42");
  world.receive(from6(43, `0602000000000000${hex6(U6)}${ACK}`, A6));
  assert.equal(
    world.upper.seen.map((s) => s.destination),
    [A6],
  );
});

test("under RFC 1883 routing header 0 is followed, to ourselves and to others", () => {
  const world = world6({ rfc1883: true, forwarding: true });
  world.receive(from6(43, `0602000100000000${hex6(A6)}${ACK}`));
  const [segment] = world.upper.seen;
  assert.equal([segment.destination, segment.payload], [A6, ACK]);
  world.receive(from6(43, `0602000100000000${hex6(G6)}${ACK}`));
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
    world.receive(from6(43, wrong));
  }
  assert.equal([world.upper.seen.length, world.out0.take().length], [0, 0]);
  assert.is(world.stack.stats.dropped("routingHeaderRefused"), 3);
  world.receive(from6(43, `0602020100000000${hex6(A6)}${ACK}`));
  assert.is(world.upper.seen[0].destination, A6);
});

test("case 85: a segment list that ends before its segments is 4/0 at segments left", () => {
  const world = world6({ segmentRouting: true });
  world.receive(from6(43, `0604040301000000${hex6(A6)}${hex6(U6)}${ACK}`));
  assert.is(icmpOf6(world.out0.take()[0]), "4/0 43");
});

test("case 86: a segment-routed packet is delivered, what answers it has no routing header", () => {
  const world = world6({ segmentRouting: true });
  world.receive(from6(43, `0604040101000000${hex6(A6)}${hex6(U6)}${ACK}`));
  assert.is(world.upper.seen[0].destination, A6);
  const m = world.pool.from(fromHex(ACK));
  if (m) ip6Output(world.stack, m, In6Addr.parse(A6), In6Addr.parse(C6), 6, null);
  const [reply] = world.out0.take();
  assert.equal([reply.slice(12, 14), reply.length / 2], ["06", 60]);
});

test("a home address stands for the source where a binding vouches for it", () => {
  const world = world6();
  const packet = from6(60, `060201020000c910${hex6(A6)}${ACK}`);
  world.receive(packet);
  assert.is(world.stack.stats.dropped("homeAddressUnknown"), 1);
  world.stack.hasBinding = () => true;
  world.receive(packet);
  assert.is(world.upper.seen[0].source, A6);
});

test("a router counts hops, and tells of those without a route, too long or out of hops", () => {
  const world = world6({ forwarding: true });
  world.receive(from6(6, ACK, G6));
  assert.is(world.out1.take()[0].slice(14, 16), "3f");
  world.receive(from6(6, ACK, G6, 1));
  assert.is(icmpOf6(world.out0.take()[0]), "3/0 0");
  world.if1.mtu = 1280;
  world.receive(from6(6, new Uint8Array(1300), G6));
  assert.is(icmpOf6(world.out0.take()[0]), "2/0 1280");
  world.stack.routes6.remove(In6Addr.parse("::"), 0);
  world.stack.addAddress(world.if0, In6Addr.parse("2001:db8:c::2"), 64);
  world.receive(from6(6, ACK, "2001:db8:999::1"));
  assert.is(icmpOf6(world.out0.take()[0]), "1/0 0");
});

test("errors are not sent about errors, nor to many", () => {
  const world = world6({ forwarding: true });
  const error = sealed6(C6, G6, 58, fromHex(`0100000000000000${"60".padEnd(96, "0")}`), 2);
  world.receive(from6(58, error, G6, 1));
  world.receive(from6(99, ACK, "ff02::1"));
  assert.equal(world.out0.take(), []);
  assert.is(world.stack.stats.icmpSuppressed, 2);
  world.receive(from6(99, ACK));
  assert.is(icmpOf6(world.out0.take()[0]), "4/1 6");
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

test("ICMPv6 errors are limited: a burst at once, then so many in a second", () => {
  const world = world6({ icmpRate: 10, icmpBurst: 5 });
  const errors = (): number => {
    for (let i = 0; i < 8; i++) world.receive(from6(99, "00".repeat(8)));
    return world.out0.take().length;
  };
  assert.is(errors(), 5);
  assert.is(world.stack.stats.icmpLimited, 3);
  world.clock.advance(SECOND / 2);
  assert.is(errors(), 5);
});

test.run();
