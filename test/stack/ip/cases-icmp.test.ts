/** Cases 22 to 25, 55, 72 to 74, 80 and 81 of the specification's section 6, and ICMP's own rules. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import type { StackOptions } from "../../../stack/stack.ts";
import { icmpEcho, icmpError, ip, ipPacket, toHex, udpSegment } from "../../support/ip-packet.ts";
import { A, C, hexOf, R0, R1, U, type WorldW, worldW } from "../../support/world-w.ts";

const MALFORMED = `01830703${hexOf(R1)}`;
const headerOf = (packet: string): number => 4 * Number.parseInt(packet[1], 16);
const bodyOf = (packet: string): string => packet.slice(2 * headerOf(packet));
const optionsOf = (packet: string): string => packet.slice(40, 2 * headerOf(packet));

/** What leaves by if0 after `packet` has come in. */
function reaction(packet: Uint8Array, options: Partial<StackOptions> = {}): string[] {
  const world = worldW(options);
  world.receive(packet);
  assert.is(world.pool.outstanding - world.stack.stats.fragmentsHeld, 0);
  return world.out0.take();
}

test("case 22: a malformed option in a later fragment is never answered, in the first it is", () => {
  const later = ipPacket({ source: C, destination: U, options: MALFORMED, fragment: 1 });
  assert.equal(reaction(later), []);
  const first = ipPacket({ source: C, destination: U, options: MALFORMED, fragment: 0x2000 });
  const [error] = reaction(first);
  assert.is(bodyOf(error).slice(0, 4), "0c00");
  assert.is(bodyOf(error).slice(8, 10), "17");
});

test("case 23: nothing is said about an ICMP error, nor to a source that nobody has", () => {
  const quoted = ipPacket({ source: U, destination: C, protocol: 17, payload: "0001000200080000" });
  const unreachable = icmpError(3, 1, 0, quoted);
  const about = ipPacket({ source: C, destination: U, options: MALFORMED, payload: unreachable });
  assert.equal(reaction(about), []);
  for (const [source, destination] of [
    ["0.0.0.0", U],
    ["224.0.0.9", U],
    ["255.255.255.255", U],
    ["127.0.0.1", U],
    [C, "198.51.100.255"],
    [C, "224.0.0.1"],
  ]) {
    assert.equal(reaction(ipPacket({ source, destination, options: MALFORMED })), [], source);
  }
});

test("case 24: a strict route that fails with an ICMP error aboard is not answered", () => {
  const quoted = ipPacket({ source: U, destination: C, protocol: 17, payload: "0001000200080000" });
  const payload = icmpError(11, 0, 0, quoted);
  const options = `01890704${hexOf(C)}`;
  assert.equal(
    reaction(ipPacket({ source: C, destination: U, options, payload }), { forwarding: true }),
    [],
  );
});

test("case 25: a strict route at the wrong place points at the destination; the BSDs say 3/5", () => {
  const packet = ipPacket({ source: C, destination: "192.0.3.5", options: `01890708${hexOf(R1)}` });
  const [error] = reaction(packet, { forwarding: true });
  assert.is(bodyOf(error).slice(0, 10), `0c00${bodyOf(error).slice(4, 8)}10`);
  const [bsd] = reaction(packet, { forwarding: true, profile: "bsd44" });
  assert.is(bodyOf(bsd).slice(0, 4), "0305");
});

test("case 55: an echo's route is reversed, its data, records and labels come back", () => {
  const route = `01830b0c${hexOf(R0)}${hexOf(R1)}`;
  const [plain] = reaction(ipPacket({ source: C, destination: U, options: route }));
  assert.is(plain.slice(24, 40), hexOf(U) + hexOf(R1));
  assert.is(optionsOf(plain), `01830b04${hexOf(R0)}${hexOf(C)}`);
  assert.is(bodyOf(plain).slice(16), toHex(icmpEcho(0)).slice(16));
  const record = `07070400000000`;
  const [both] = reaction(ipPacket({ source: C, destination: U, options: `${route}${record}` }));
  assert.is(optionsOf(both), `01830b04${hexOf(R0)}${hexOf(C)}070708${hexOf(U)}00`);
});

test("an echo to the shared address is answered from it, one to many from a unicast one", () => {
  const [anycast] = reaction(ipPacket({ source: C, destination: A }));
  assert.is(anycast.slice(24, 32), hexOf(A));
  const [many] = reaction(ipPacket({ source: C, destination: "198.51.100.255" }));
  assert.is(many.slice(24, 32), hexOf(U));
});

test("an unknown protocol is reported by the address that was asked, a shared one too", () => {
  for (const destination of [U, A]) {
    const [error] = reaction(ipPacket({ source: C, destination, protocol: 99 }));
    assert.equal([bodyOf(error).slice(0, 4), error.slice(24, 32)], ["0302", hexOf(destination)]);
  }
});

test("errors go out with precedence of internetwork control, those of the BSDs without any", () => {
  const packet = ipPacket({ source: C, destination: U, protocol: 99 });
  for (const [profile, tos] of [
    ["engel", "c0"],
    ["linux", "c0"],
    ["bsd44", "00"],
    ["freebsd", "00"],
  ] as const) {
    assert.is(reaction(packet, { profile })[0].slice(2, 4), tos, profile);
  }
});

test("a timestamp request is answered with milliseconds since midnight", () => {
  const world = worldW({ utcOffset: 3600 * SECOND });
  world.clock.advance(2 * SECOND);
  const request = icmpEcho(13, 12);
  world.receive(ipPacket({ source: C, destination: U, payload: request }));
  const [reply] = world.out0.take();
  assert.is(bodyOf(reply).slice(0, 2), "0e");
  assert.is(Number.parseInt(bodyOf(reply).slice(24, 32), 16), 3_602_000);
  assert.is(bodyOf(reply).slice(24, 32), bodyOf(reply).slice(32, 40));
});

/** A TCP segment as the client sent it to U with `{>>A}`. */
const pinned = ipPacket({
  source: U,
  destination: "198.51.100.99",
  options: `01830704${hexOf("203.0.113.77")}`,
  protocol: 6,
  payload: "9c4000500000100100002001",
});

test("case 72: frag-needed about a pinned segment finds the final destination; stock finds the hop", () => {
  for (const [stockIcmpDemux, destination] of [
    [false, "203.0.113.77"],
    [true, "198.51.100.99"],
  ] as const) {
    const world = worldW({ stockIcmpDemux });
    world.receive(ipPacket({ source: R1, destination: U, payload: icmpError(3, 4, 1400, pinned) }));
    assert.equal(world.tcp.errors, [{ type: 3, code: 4, mtu: 1400, destination: ip(destination) }]);
  }
});

test("a router that names no MTU is taken to mean the next plateau", () => {
  const world = worldW();
  const quoted = ipPacket({
    source: U,
    destination: C,
    protocol: 6,
    payload: new Uint8Array(1480),
  });
  world.receive(
    ipPacket({ source: R1, destination: U, payload: icmpError(3, 4, 0, quoted.slice(0, 28)) }),
  );
  assert.is(world.tcp.errors[0].mtu, 1492);
});

test("nobody's word is enough: an error that no protocol confirms lowers no path MTU", () => {
  const world = worldW();
  world.receive(ipPacket({ source: R1, destination: U, payload: icmpError(3, 4, 68, pinned) }));
  for (const destination of ["203.0.113.77", "198.51.100.99"]) {
    assert.is(world.stack.pathMtu.get(ip(destination), 1500), 1500);
  }
});

test("case 80: a fragmented pinned segment is put together; only the first fragment's route counts", () => {
  const world = worldW({ pinRx: true });
  const payload = "9c40005000001001000020015018ffff10b50000474554202f0d0a00".padEnd(96, "0");
  const piece = (options: string, destination: string, from: number, to: number, more: number) =>
    ipPacket({
      source: C,
      destination,
      options,
      protocol: 6,
      id: 7,
      fragment: more | (from / 8),
      payload: payload.slice(2 * from, 2 * to),
    });
  world.receive(piece(`01830704${hexOf(A)}`, U, 16, 48, 0));
  world.receive(piece(`01830704${hexOf(A)}`, U, 0, 16, 0x2000));
  assert.is(world.tcp.deliveries.length, 1);
  assert.equal(world.tcp.deliveries[0].route, [ip(U)]);
  assert.is(world.tcp.deliveries[0].packet.slice(2 * 28), payload);
  world.receive(piece("", A, 0, 16, 0x2000));
  world.receive(piece(`01830708${hexOf(R1)}`, A, 16, 48, 0));
  assert.equal(world.tcp.deliveries[1].route, [ip(U)]);
  assert.is(world.pool.outstanding, 0);
});

test("errors are limited: a burst at once, then so many in a second", () => {
  const world = worldW({ icmpRate: 10, icmpBurst: 5 });
  const probe = () =>
    world.receive(
      ipPacket({
        source: C,
        destination: U,
        protocol: 99,
        payload: udpSegment(C, U, 1, 2, new Uint8Array(0)),
      }),
    );
  for (let i = 0; i < 8; i++) probe();
  assert.is(world.out0.take().length, 5);
  assert.is(world.stack.stats.icmpLimited, 3);
  world.clock.advance(SECOND / 2);
  for (let i = 0; i < 8; i++) probe();
  assert.is(world.out0.take().length, 5);
});

test("an error quotes as much of the packet as fits into 576 bytes", () => {
  const payload = new Uint8Array(1400);
  const [error] = reaction(ipPacket({ source: C, destination: U, protocol: 99, payload }));
  assert.is(error.length / 2, 576);
  const [short] = reaction(
    ipPacket({ source: C, destination: U, protocol: 99, payload: new Uint8Array(30) }),
  );
  assert.is(short.length / 2, 28 + 50);
});

test("a host takes a redirect from the router in use, and from nobody else", () => {
  const ask = (world: WorldW, from: string): void => {
    const quoted = ipPacket({ source: U, destination: "9.9.9.9", protocol: 17, payload: "0001" });
    const told = icmpError(5, 1, ip(R1), new Uint8Array([...quoted, 0, 0, 0, 0, 0, 0]));
    world.receive(ipPacket({ source: from, destination: U, payload: told }));
  };
  const gatewayOf = (world: WorldW) => world.stack.routes.lookup(ip("9.9.9.9"))?.hops[0].gateway;
  const world = worldW();
  ask(world, R0);
  assert.is(gatewayOf(world), ip("198.51.100.1"));
  ask(world, "198.51.100.1");
  assert.is(gatewayOf(world), ip(R1));
  const router = worldW({ forwarding: true });
  ask(router, "198.51.100.1");
  assert.is(gatewayOf(router), ip("198.51.100.1"));
});

test.run();
