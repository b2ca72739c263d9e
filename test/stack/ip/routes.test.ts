/** Routing tables against the plain rule: the longest prefix that matches and is up. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlowHash } from "../../../stack/flow-hash.ts";
import { Interface } from "../../../stack/interface.ts";
import { maskOf } from "../../../stack/ip/addresses.ts";
import { RouteTable } from "../../../stack/ip/routes.ts";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { RouteTable6 } from "../../../stack/ip6/routes6.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { NextHop } from "../../../stack/route-table.ts";
import { ip, ipPacket } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";
import { A, C, U, worldW } from "../../support/world-w.ts";

const wire = (name: string) => new Interface({ name, device: { transmit: (m: Mbuf) => m.free() } });

test("look-ups find what trying every route finds", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = testRandom(seed);
    const table = new RouteTable();
    const wires = [wire("a"), wire("b"), wire("c")];
    const routes: { prefix: number; length: number; hop: NextHop }[] = [];
    // Few distinct leading bits, so that prefixes nest.
    const address = () => ((random.below(4) << 30) | random.below(64)) >>> 0;
    for (let i = 0; i < 60; i++) {
      const length = random.pick([0, 1, 2, 8, 26, 30, 31, 32]);
      const prefix = (address() & maskOf(length)) >>> 0;
      if (routes.some((r) => r.prefix === prefix && r.length === length)) continue;
      const hop = { interface: random.pick(wires), gateway: i };
      table.add(prefix, length, hop);
      routes.push({ prefix, length, hop });
      if (random.below(6) === 0) {
        const [gone] = routes.splice(random.below(routes.length), 1);
        assert.is(table.remove(gone.prefix, gone.length), true);
      }
      wires[random.below(3)].up = random.below(4) !== 0;
      for (let n = 0; n < 30; n++) {
        const to = address();
        const best = routes
          .filter((r) => r.hop.interface.up && ((to ^ r.prefix) & maskOf(r.length)) === 0)
          .sort((x, y) => y.length - x.length)[0];
        assert.is(table.lookup(to)?.hops[0].gateway, best?.hop.gateway, `seed ${seed}`);
      }
    }
  }
});

test("IPv6 prefixes match bit by bit", () => {
  const table = new RouteTable6();
  const [a, b] = [wire("a"), wire("b")];
  table.add(In6Addr.parse("2001:db8::"), 33, { interface: a, gateway: null });
  table.add(In6Addr.parse("2001:db8:8000::"), 33, { interface: b, gateway: null });
  table.add(In6Addr.parse("2001:db8:8000::1"), 128, { interface: a, gateway: null });
  const view = new DataView(new ArrayBuffer(16));
  const found = (text: string) => {
    In6Addr.parse(text).write(view, 0);
    return table.lookupAt(view, 0)?.hops[0].interface.name;
  };
  assert.equal(
    ["2001:db8:7fff::1", "2001:db8:8000::2", "2001:db8:8000::1", "2001:db9::"].map(found),
    ["a", "b", "a", undefined],
  );
});

/** A router whose only way to A is a LAN of three hosts that share it. */
function sharedLan() {
  const world = worldW({ forwarding: true, sendRedirects: false, interfaces: lan() });
  for (const host of [11, 12, 13]) {
    world.stack.addRoute({ prefix: ip(A), prefixLength: 32, gateway: ip(`198.51.100.${host}`) });
  }
  return world;
}

const lan = () => {
  const tapless = worldW();
  return [
    {
      name: "if0",
      device: tapless.out0,
      addresses: [{ address: ip(U), prefixLength: 24 }],
    },
    {
      name: "if1",
      device: tapless.out1,
      addresses: [{ address: ip("10.0.0.1"), prefixLength: 24 }],
    },
  ];
};

test("one router spreads a shared address over the hosts of a LAN as a policy says", () => {
  const world = sharedLan();
  let turn = 0;
  world.stack.routes.setChooser(ip(A), 32, { choose: (_stack, hops) => turn++ % hops.length });
  const hosts: number[] = [];
  const device = world.if0.device as unknown as { nextHops: number[] };
  for (let i = 0; i < 6; i++) {
    world.receive(ipPacket({ source: C, destination: A }), world.if1);
    hosts.push(...device.nextHops.splice(0));
  }
  assert.equal(
    hosts,
    [11, 12, 13, 11, 12, 13].map((host) => ip(`198.51.100.${host}`)),
  );
});

test("without a policy a flow keeps its host, and flows spread evenly", () => {
  const world = sharedLan();
  const device = world.if0.device as unknown as { nextHops: number[] };
  const counts = new Map<number, number>();
  const packet = (port: number) =>
    ipPacket({
      source: C,
      destination: A,
      protocol: 6,
      payload: `${port.toString(16).padStart(4, "0")}0050${"00".repeat(16)}`,
    });
  for (let port = 1000; port < 1900; port++) {
    world.receive(packet(port), world.if1);
    world.receive(packet(port), world.if1);
    const [first, second] = device.nextHops.splice(0);
    assert.is(first, second);
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  for (const count of counts.values()) assert.ok(Math.abs(count - 300) < 60, `${[...counts]}`);
});

test("the flow hash looks at ports in whole datagrams only", () => {
  const world = worldW();
  const hops = [1, 2, 3, 4, 5, 6, 7].map((gateway) => ({ interface: world.if0, gateway }));
  const hash = new FlowHash(7);
  const choice = (fragment: number, port: number) => {
    const packet = ipPacket({
      source: C,
      destination: A,
      protocol: 17,
      fragment,
      payload: `${port.toString(16).padStart(4, "0")}0035000c000000000000`,
    });
    const m = world.pool.from(packet);
    if (!m) throw new Error("no buffer");
    m.ipAt = m.off;
    const chosen = hash.choose(world.stack, hops, m);
    m.free();
    return chosen;
  };
  const spread = (fragment: number) =>
    new Set(Array.from({ length: 40 }, (_, i) => choice(fragment, 1000 + i))).size;
  assert.ok(spread(0) > 3);
  assert.equal([spread(0x2000), spread(0x0010)], [1, 1]);
});

test("a gateway on no attached network is a configuration error that names the host", () => {
  assert.throws(
    () => worldW({ routes: [{ prefix: 0, prefixLength: 0, gateway: ip("10.9.9.9") }] }),
    /W: no interface leads to the gateway/,
  );
});

test("an interface that goes down takes its routes along, and takes nothing in", () => {
  const world = worldW();
  const route = world.stack.addRoute({
    prefix: ip("10.0.0.0"),
    prefixLength: 8,
    gateway: ip("198.51.101.1"),
  });
  assert.is(world.stack.routes.lookup(ip("10.1.1.1")), route);
  world.stack.setUp(world.if1, false);
  assert.is(world.stack.routes.lookup(ip("10.1.1.1"))?.prefixLength, 0);
  world.receive(ipPacket({ source: C, destination: U }), world.if1);
  assert.is(world.stack.stats.dropped("interfaceDown"), 1);
});

test("the strong host model takes an address only by the interface that has it", () => {
  for (const [hostModel, taken] of [
    ["weak", 1],
    ["strong", 0],
  ] as const) {
    const world = worldW({ hostModel });
    world.receive(ipPacket({ source: C, destination: U }), world.if1);
    assert.is(world.stack.stats.echoReplies, taken);
    world.receive(ipPacket({ source: C, destination: U }));
    assert.is(world.stack.stats.echoReplies, taken + 1);
  }
});

test.run();
