/** Datagram sockets: addresses, errors, pins of one-to-many sockets (cases 56 to 58). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import type { StackOptions } from "../../../stack/stack.ts";
import { PEER_LIFETIME, PEERS } from "../../../stack/udp/peer-routes.ts";
import { Udp, type UdpSocket } from "../../../stack/udp/udp.ts";
import { fromHex, icmpError, ip, ipPacket, toHex, udpSegment } from "../../support/ip-packet.ts";
import { A, C, hexOf, R0, R1, U, type WorldW, worldW } from "../../support/world-w.ts";

const text = (hex: string): string => Buffer.from(hex, "hex").toString();
const bytes = (word: string): Uint8Array => new TextEncoder().encode(word);
const optionsOf = (packet: string): string => packet.slice(40, 8 * Number.parseInt(packet[1], 16));

function server(options: Partial<StackOptions> = {}, address = 0) {
  const world = worldW(options);
  const so = new Udp(world.stack).socket(4);
  assert.is(so.bind(address, 53), 0);
  return { world, so };
}

/** A query from C's port 4000 to `to`:53. */
function query(world: WorldW, fields: { to?: string; options?: string; from?: string } = {}) {
  const { to = A, options = "", from = C } = fields;
  const payload = udpSegment(from, to, 4000, 53, bytes("ping"));
  world.receive(ipPacket({ source: from, destination: to, options, protocol: 17, payload }));
}

/** Answers the oldest query where it came from; returns what left by if0. */
function answer(world: WorldW, so: UdpSocket): string[] {
  const into = new Uint8Array(64);
  const datagram = so.receiveFrom(into);
  if (typeof datagram === "string") throw new Error(datagram);
  assert.is(so.sendTo(bytes("pong"), datagram.address, datagram.port), 4);
  return world.out0.take();
}

test("a datagram is received with its sender, the address it was sent to and its options", () => {
  const { world, so } = server();
  query(world, { options: `01830708${hexOf(R1)}` });
  const into = new Uint8Array(3);
  const got = so.receiveFrom(into);
  if (typeof got === "string") throw new Error(got);
  assert.equal([got.count, got.length, text(toHex(into))], [3, 4, "pin"]);
  assert.equal([got.address, got.port, got.destination], [ip(C), 4000, ip(A)]);
  assert.is(toHex(got.options), `01830708${hexOf(R1)}`);
  assert.is(so.receiveFrom(into), "EAGAIN");
  assert.is(world.pool.outstanding, 0);
});

test("a one-to-many socket answers each peer along its own route, from the address it asked", () => {
  const { world, so } = server();
  query(world, { options: `01830708${hexOf(R1)}` });
  const [routed] = answer(world, so);
  assert.is(routed.slice(24, 40), hexOf(A) + hexOf(R1));
  assert.is(optionsOf(routed), `01830704${hexOf(C)}`);
  query(world, { from: "192.0.2.2" });
  const [plain] = answer(world, so);
  assert.is(optionsOf(plain), "");
});

test("with the patch for UDP, peers are pinned and the pin lasts 120 seconds", () => {
  const { world, so } = server({ pinRx: true, pinProtocols: [6, 17] });
  query(world);
  const [pinned] = answer(world, so);
  assert.is(optionsOf(pinned), `01830708${hexOf(U)}`);
  assert.is(so.sendTo(bytes("more"), ip(C), 4000), 4);
  assert.is(optionsOf(world.out0.take()[0]), `01830708${hexOf(U)}`);
  world.clock.advance(PEER_LIFETIME);
  so.sendTo(bytes("late"), ip(C), 4000);
  const [late] = world.out0.take();
  assert.equal([optionsOf(late), late.slice(24, 32)], ["", hexOf(U)]);
});

test("the pins of 1,024 peers are kept, the ones heard of longest ago go", () => {
  const { world, so } = server({ pinRx: true, pinProtocols: [17] });
  const peer = (i: number): string => `10.0.${i >> 8}.${i & 255}`;
  const into = new Uint8Array(8);
  for (let i = 0; i <= PEERS; i++) {
    query(world, { from: peer(i) });
    so.receiveFrom(into);
  }
  so.sendTo(bytes("x"), ip(peer(0)), 4000);
  so.sendTo(bytes("x"), ip(peer(1)), 4000);
  const [forgotten, kept] = world.out0.take();
  assert.equal([optionsOf(forgotten), optionsOf(kept)], ["", `01830708${hexOf(U)}`]);
});

test("a connected socket keeps one route, and the user's options win over it", () => {
  const { world, so } = server({}, ip(A));
  assert.is(so.connect(ip(C), 4000), 0);
  query(world, { options: `01830b0c${hexOf(R0)}${hexOf(R1)}` });
  assert.is(so.send(bytes("pong")), 4);
  const [routed] = world.out0.take();
  assert.is(optionsOf(routed), `01830b04${hexOf(R0)}${hexOf(C)}`);
  assert.is(so.setsockopt("IP_OPTIONS", fromHex("94040000")), 0);
  so.send(bytes("pong"));
  assert.is(optionsOf(world.out0.take()[0]), "94040000");
  so.close();
  assert.is(world.pool.outstanding, 0);
});

test("case 56: of 4,000 bytes with LSRR and RR each fragment carries the route", () => {
  for (const [profile, expected] of [
    ["engel", `830b04${hexOf(R0)}${hexOf(C)}00`],
    ["linux", `830b04${hexOf(R0)}${hexOf(C)}010101010101010000`],
  ] as const) {
    const { world, so } = server({ profile });
    const route = `830b04${hexOf(R0)}${hexOf(C)}`;
    const pcb = so.pcb as unknown as { userOptions: unknown };
    pcb.userOptions = {
      firstHop: ip(R1),
      bytes: fromHex(`${route}0707040000000000`.padEnd(40, "0")),
    };
    assert.is(so.sendTo(new Uint8Array(4000), ip(C), 9), 4000);
    const packets = world.out0.take();
    assert.is(packets.length, 3);
    assert.ok(optionsOf(packets[0]).includes("070704"));
    for (const later of packets.slice(1)) assert.is(optionsOf(later), expected);
    const offsets = packets.map((p) => Number.parseInt(p.slice(12, 16), 16));
    assert.is(offsets[0], 0x2000);
    assert.is(offsets[1] >>> 13, 1);
    assert.is(offsets[2] >>> 13, 0);
    const size = packets.reduce((sum, p) => sum + p.length / 2 - 4 * Number.parseInt(p[1], 16), 0);
    assert.is(size, 4008);
  }
});

test("case 57: the checksum is over the final destination; Linux's over the first hop is refused", () => {
  for (const [profile, delivered] of [
    ["engel", 1],
    ["linux", 0],
  ] as const) {
    const sender = server({ profile });
    const pcb = sender.so.pcb as unknown as { userOptions: unknown };
    pcb.userOptions = { firstHop: ip(R1), bytes: fromHex(`01830704${hexOf(C)}`) };
    sender.so.sendTo(bytes("ping"), ip(C), 53);
    const [sent] = sender.world.out0.take();
    // As it reaches C: the route completed, the destination C's.
    const arrived = ipPacket({
      source: U,
      destination: C,
      options: `01830708${hexOf(R1)}`,
      protocol: 17,
      payload: sent.slice(2 * 28),
    });
    const receiver = worldW({
      interfaces: [
        {
          name: "if0",
          device: { transmit: (m) => m.free() },
          addresses: [{ address: ip(C), prefixLength: 24 }],
        },
        { name: "if1", device: { transmit: (m) => m.free() } },
      ],
      routes: [{ prefix: 0, prefixLength: 0, gateway: ip("192.0.2.254") }],
    });
    const so = new Udp(receiver.stack).socket(4);
    so.bind(0, 53);
    receiver.receive(arrived);
    assert.is(receiver.stack.stats.dropped("udpBadChecksum"), 1 - delivered, profile);
  }
});

test("a closed port is answered with 3/3, which a connected socket hears of", () => {
  const { world, so } = server({}, ip(U));
  query(world, { to: U });
  so.close();
  query(world, { to: U });
  const [error] = world.out0.take();
  assert.is(error.slice(40, 44), "0303");
  const client = new Udp(world.stack).socket(4);
  client.connect(ip(C), 9);
  const events: number[] = [];
  client.onReady = (_so, event) => events.push(event);
  client.send(bytes("ping"));
  const [sent] = world.out0.take();
  const quote = fromHex(`0303000000000000${sent}`);
  const view = new DataView(quote.buffer);
  let sum = 0;
  for (let i = 0; i < quote.length; i += 2) sum += view.getUint16(i);
  view.setUint16(2, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
  world.receive(ipPacket({ source: C, destination: U, payload: quote }));
  assert.is(events.length, 1);
  assert.is(client.send(bytes("ping")), "ECONNREFUSED");
});

test("sockets refuse what BSD refuses, by the same names", () => {
  const { world, so } = server();
  const other = new Udp(world.stack).socket(4);
  assert.is(so.bind(0, 54), "EINVAL");
  assert.is(other.bind(ip(C), 9), "EADDRNOTAVAIL");
  assert.is(other.send(bytes("x")), "EDESTADDRREQ");
  assert.is(other.sendTo(new Uint8Array(65_508), ip(C), 9), "EMSGSIZE");
  assert.is(other.sendTo(bytes("x"), ip("198.51.100.255"), 9), "EACCES");
  assert.is(other.setsockopt("SO_BROADCAST", 1), 0);
  assert.is(other.sendTo(bytes("x"), ip("198.51.100.255"), 9), 1);
  assert.is(other.listen(1), "EOPNOTSUPP");
  assert.is(other.getsockopt("TCP_NODELAY"), "ENOPROTOOPT");
  assert.is(other.getsockopt("SO_TYPE"), 2);
  other.close();
  assert.is(other.sendTo(bytes("x"), ip(C), 9), "EBADF");
  assert.is(world.clock.now() < SECOND, true);
});

test("over loopback a datagram arrives after the sender has returned", () => {
  const { world, so } = server();
  assert.is(so.sendTo(bytes("self"), ip("127.0.0.1"), 53), 4);
  assert.is(so.poll() & 1, 0);
  world.settle();
  assert.is(so.poll() & 1, 1);
});

test("a smaller path MTU is believed about a socket of ours, connected or not, and no other", () => {
  const { world } = server();
  const tooLong = (port: number) => {
    const datagram = udpSegment(U, C, port, 4000, bytes("long"));
    const quoted = ipPacket({ source: U, destination: C, protocol: 17, payload: datagram });
    const error = icmpError(3, 4, 1400, quoted);
    world.receive(ipPacket({ source: R1, destination: U, payload: error }));
    return world.stack.pathMtu.get(ip(C), 1500);
  };
  assert.is(tooLong(54), 1500);
  assert.is(tooLong(53), 1400);
});

test.run();
