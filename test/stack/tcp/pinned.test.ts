/** TCP with the patch: cases 53, 54, 59 to 64, 69 to 71 and 79 of the specification. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { KernelProfile } from "../../../stack/config.ts";
import type { Socket } from "../../../stack/socket.ts";
import { Tcp } from "../../../stack/tcp/tcp.ts";
import { fromHex, ip, toHex } from "../../support/ip-packet.ts";
import { readSegment } from "../../support/tcp-segment.ts";
import { MSS_1460, MSS_ONLY, tcpWorld } from "../../support/world-tcp.ts";
import { A, C, C2, hexOf, R1, Tap, U, U2, worldW } from "../../support/world-w.ts";

const E1 =
  "4500002c0001000040067cc0c0000201cb0071099c40005000001000000000006002ffffed8a0000020405b4";
const E2 =
  "4700003400020000400647f1cb007109c000020101830708c633640700509c4000002000000010016012ffffcd790000020405b4";
const E3 =
  "4700003700030000400647f1c0000201c633640701830704cb0071099c40005000001001000020015018ffff10b50000474554202f0d0a";
const E6 =
  "4700003400040000400647efcb007109c000020101830708c633640700509c4000002001000010085018ffff88ce00004f4b0d0a";

/** A packet without what differs between hosts: identification, DF, header checksum. */
const bare = (packet: string): string =>
  `${packet.slice(0, 8)}00000000${packet.slice(16, 20)}0000${packet.slice(24)}`;

const read = (so: Socket): string => {
  const into = new Uint8Array(100);
  const got = so.receive(into);
  return typeof got === "number" ? Buffer.from(into.subarray(0, got)).toString() : got;
};

test("53: IP_OPTIONS takes what each kernel's takes", () => {
  const route = (count: number, pointer = "04"): string =>
    `01 83 ${(3 + 4 * count).toString(16).padStart(2, "0")} ${pointer} ${hexOf(R1).repeat(count)}`;
  const linux = (count: number): string => `${route(count).slice(3)} 00`;
  const two = `${route(1)} ${route(1)}`;
  const rows: [KernelProfile, string, string | number][] = [
    ["bsd44", route(10), 0],
    ["freebsd", route(10), 0],
    ["bsd44", route(11), "EINVAL"],
    ["linux", linux(9), 0],
    ["linux", linux(10), "EINVAL"],
    ["bsd44", route(2, "08"), 0],
    ["linux", route(2, "08"), "EINVAL"],
    ["bsd44", two, 0],
    ["linux", two, "EINVAL"],
    ["bsd44", "01 94 04 00 00", "EINVAL"],
    ["linux", "01 94 04 00 00", 0],
    ["bsd44", "83 0b 04 c0", "EINVAL"],
  ];
  for (const [profile, bytes, expected] of rows) {
    const so = tcpWorld({ profile }).host.socket(4);
    assert.is(so.setsockopt("IP_OPTIONS", fromHex(bytes)), expected, `${profile} ${bytes}`);
  }
});

test("54: clearing the options of a connection sends to the peer again", () => {
  const w = tcpWorld();
  const so = w.open(`830708${hexOf(R1)}`, `830708${hexOf(R1)}`);
  so.send(Buffer.from("x"));
  w.sent();
  so.setsockopt("IP_OPTIONS", new Uint8Array(0));
  so.setsockopt("TCP_NODELAY", 1);
  so.send(Buffer.from("y"));
  const [data] = w.sent();
  assert.equal([data.to, data.route], [C, ""]);
});

for (const [name, pins] of [
  ["transmit path", { pinTx: true }],
  ["receive path", { pinRx: true }],
  ["both paths", { pinTx: true, pinRx: true }],
] as const) {
  test(`59 to 62: E1 in, E2 out; E3 in, E6 out, to the byte (${name})`, () => {
    const w = tcpWorld(pins, { pathMtuDiscovery: false });
    w.receive(E1);
    assert.equal(w.out0.take().map(bare), [bare(E2)]);
    w.receive(E3);
    const so = w.listener.accept();
    if (typeof so === "string") throw new Error(so);
    assert.is(read(so), "GET /\r\n");
    so.send(Buffer.from("OK\r\n"));
    assert.equal(w.out0.take().map(bare), [bare(E6)]);
  });
}

test("63: in two passes the reply has lost a hop and names the outgoing interface", () => {
  const w = tcpWorld({ pinRx: true, twoPass: true, forwarding: true });
  w.send({ flags: "S", from: C2, seq: 0x1000, ack: 0, tcpOptions: MSS_1460 });
  const [reply] = w.sent();
  assert.equal([reply.ttl, reply.route], [63, `01830708${hexOf(U2)}`]);
});

test("64: of two interfaces the receive path pins the one the SYN came by", () => {
  const slot = (options: object): string => {
    const w = tcpWorld(options);
    w.send({ flags: "S", from: C2, seq: 0x1000, ack: 0, tcpOptions: MSS_1460 });
    w.settle();
    return w.sent()[0].route;
  };
  assert.is(slot({ pinRx: true }), `01830708${hexOf(U)}`);
  assert.is(slot({ pinTx: true }), `01830708${hexOf(U2)}`);
  assert.is(slot({ pinRx: true, twoPass: true, forwarding: true }), `01830708${hexOf(U2)}`);
});

test("69: nine foreign hops leave no room: delivered, not pinned, counted", () => {
  const w = tcpWorld({ pinRx: true });
  const nine = `832728${hexOf(R1).repeat(9)}`;
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460, route: nine });
  assert.is(w.sent()[0].to, R1);
  assert.is(w.stack.stats.anycastNoSpace, 1);
});

test("70: 36 bytes of other options leave no room for the pin, 32 do", () => {
  for (const [length, expected, counted] of [
    [36, 36, 1],
    [32, 40, 0],
  ]) {
    const w = tcpWorld({ pinTx: true });
    const so = w.open();
    so.setsockopt("IP_OPTIONS", fromHex(`94${length.toString(16)}`.padEnd(2 * length, "0")));
    w.sent();
    so.send(Buffer.from("x"));
    assert.is(w.sent()[0].route.length / 2, expected);
    assert.is(w.stack.stats.anycastNoSpace, counted);
  }
});

test("71: full segments leave room for the pin; with noMssFix they fragment, or do not leave", () => {
  const bulk = (options: object, tcp: object): { lengths: number[]; errors: number } => {
    const w = tcpWorld({ pinTx: true, ...options }, tcp);
    const so = w.open();
    w.sent();
    so.send(new Uint8Array(1460));
    return { lengths: w.out0.take().map((p) => p.length / 2), errors: w.host.stats.outputErrors };
  };
  // 20 + 8 + 20 + 1452.
  assert.equal(bulk({}, {}).lengths[0], 1500);
  const fixed = { noMssFix: true };
  assert.equal(bulk(fixed, { pathMtuDiscovery: false }).lengths, [1500, 36]);
  assert.equal(bulk(fixed, { pathMtuDiscovery: true }), { lengths: [], errors: 1 });
});

test("79: an active open from A is pinned, and a stock passive peer comes back by U", () => {
  const w = tcpWorld({ pinTx: true });
  const so = w.host.socket(4);
  so.bind(ip(A), 20);
  so.connect(ip(C), 2000);
  const [packet] = w.out0.packets.map(toHex);
  const [syn] = w.sent();
  assert.equal([syn.from, syn.route], [A, `01830708${hexOf(U)}`]);
  // The same packet at a stock host that listens there: it reverses, as all passive opens must.
  const out = new Tap();
  const peer = worldW({
    profile: "linux",
    client: "stock",
    interfaces: [
      { name: "if0", device: out, addresses: [{ address: ip(C), prefixLength: 24 }] },
      { name: "if1", device: new Tap() },
    ],
    routes: [{ prefix: 0, prefixLength: 0, gateway: ip("192.0.2.254") }],
  });
  const listener = new Tcp(peer.stack, MSS_ONLY).socket(4);
  listener.bind(0, 2000);
  listener.listen(1);
  peer.receive(packet);
  const [answer] = out.take().map(readSegment);
  assert.equal([answer.flags, answer.to, answer.route], ["S.", U, `830704${hexOf(A)}00`]);
});

test.run();
