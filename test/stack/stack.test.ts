/** A host as a whole: what it is built from, and how it ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULTS } from "../../stack/config.ts";
import { In6Addr } from "../../stack/ip6/in6-addr.ts";
import { ip, ipPacket } from "../support/ip-packet.ts";
import { ip6Packet } from "../support/ip6-packet.ts";
import { A, C, U, U2, worldW } from "../support/world-w.ts";

test("a host has loopback, the interfaces named, and the networks of their addresses", () => {
  const { stack } = worldW();
  assert.equal(
    stack.interfaces.map(({ name }) => name),
    ["lo0", "if0", "if1"],
  );
  assert.is(stack.routes.lookup(ip("198.51.101.200"))?.hops[0].interface.name, "if1");
  assert.throws(() => stack.interfaceNamed("if9"), /W has no interface if9/);
});

test("what an interface is known by is its first plain address, never a shared one", () => {
  const { stack, if0, if1 } = worldW();
  assert.is(stack.addresses.pick(if0, 0), ip(U));
  assert.is(stack.addresses.pick(if1, 0), ip(U2));
  assert.equal(
    [stack.addresses.isAnycast(ip(A)), stack.addresses.isOwnUnicast(ip(A))],
    [true, false],
  );
});

test("switches that are not given have their defaults", () => {
  const { stack } = worldW({ pinTx: true });
  assert.equal(stack.config, { ...DEFAULTS, pinTx: true });
});

test("a host that dies frees what waits, and takes and gives nothing any more", () => {
  const world = worldW();
  world.stack.addAddress(world.if0, In6Addr.parse("2001:db8::7"), 64);
  const half = { source: C, destination: U, fragment: 0x2000, payload: new Uint8Array(16) };
  world.receive(ipPacket(half));
  world.receive(
    ip6Packet({
      source: "2001:db8::1",
      destination: "2001:db8::7",
      next: 44,
      payload: `3a00000100000007${"80".repeat(16)}`,
    }),
  );
  assert.is(world.pool.outstanding, 2);
  world.stack.halt();
  assert.equal([world.pool.outstanding, world.clock.pending], [0, 0]);
  world.receive(ipPacket({ source: C, destination: U }));
  assert.is(world.stack.stats.dropped("interfaceDown"), 1);
  assert.equal(world.out0.take(), []);
});

test("two hosts of one process share nothing but what they are handed", () => {
  const [one, other] = [worldW({ icmpBurst: 1, icmpRate: 1 }), worldW()];
  one.receive(ipPacket({ source: C, destination: U, protocol: 99 }));
  one.receive(ipPacket({ source: C, destination: U, protocol: 99 }));
  other.receive(ipPacket({ source: C, destination: U, protocol: 99 }));
  assert.equal([one.out0.take().length, other.out0.take().length], [1, 1]);
  assert.equal([one.stack.stats.icmpLimited, other.stack.stats.icmpLimited], [1, 0]);
});

test("the same packets and seed give the same bytes", () => {
  const run = () => {
    const world = worldW({ forwarding: true, pinRx: true, pinTx: true });
    for (let i = 0; i < 20; i++) {
      world.receive(
        ipPacket({ source: C, destination: i % 2 ? U : "192.0.3.9", ttl: 1 + (i % 3) }),
      );
    }
    return [...world.out0.take(), ...world.out1.take()];
  };
  assert.equal(run(), run());
});

test.run();
