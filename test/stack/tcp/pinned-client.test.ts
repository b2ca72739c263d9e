/** A client whose connection is pinned: errors, strangers and clients of each profile; cases 72 to 78. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import type { Socket } from "../../../stack/socket.ts";
import { fromHex, icmpError as icmpMessage, ip, ipPacket } from "../../support/ip-packet.ts";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";
import { C, hexOf, R0, R1, U } from "../../support/world-w.ts";

/** A client at U with a connection to A2 that is pinned through `node`, as profile engel has it. */
function client(options: object, node: string): { w: TcpWorld; so: Socket; port: number } {
  const w = tcpWorld(options);
  const so = w.host.socket(4);
  so.connect(ip(C), 80);
  const [{ sport }] = w.sent();
  const route = `01830708${hexOf(node)}`;
  const answer = { from: C, to: U, sport: 80, dport: sport, tcpOptions: MSS_1460, route };
  w.send({ ...answer, flags: "S.", seq: 0x5000, ack: 0x2001 });
  w.sent();
  return { w, so, port: sport };
}

/** An ICMP error from R1 that quotes `quoted`, given to the host. */
function icmpError(w: TcpWorld, type: number, code: number, word: number, quoted: string): void {
  const payload = icmpMessage(type, code, word, fromHex(quoted));
  w.receive(ipPacket({ source: R1, destination: U, payload }));
}

test("72: fragmentation needed, quoting the node, cuts the pinned connection's segments", () => {
  for (const [stockIcmpDemux, expected] of [
    [false, 1352],
    [true, 1452],
  ] as const) {
    const { w, so } = client({ stockIcmpDemux }, R1);
    so.send(new Uint8Array(3000));
    const [packet] = w.out0.take();
    icmpError(w, 3, 4, 1400, packet.slice(0, 2 * 56));
    w.sent();
    w.run(3 * SECOND);
    assert.is(w.sent()[0].length, expected, String(stockIcmpDemux));
    const learned = w.stack.pathMtu.get(ip(C), 1500);
    assert.is(learned, stockIcmpDemux ? 1500 : 1400, String(stockIcmpDemux));
  }
});

test("fragmentation needed about data that is not in flight teaches the host nothing", () => {
  const { w, so } = client({}, R1);
  so.send(new Uint8Array(3000));
  const [packet] = w.out0.take();
  const at = 2 * (4 * Number.parseInt(packet[1], 16) + 4);
  icmpError(w, 3, 4, 1400, `${packet.slice(0, at)}7fffffff${packet.slice(at + 8, 2 * 56)}`);
  assert.is(w.stack.pathMtu.get(ip(C), 1500), 1500);
});

test("73: port unreachable about the SYN refuses the connection; stock demultiplexing misses it", () => {
  for (const [stockIcmpDemux, expected] of [
    [false, "ECONNREFUSED"],
    [true, 0],
  ] as const) {
    const w = tcpWorld({ stockIcmpDemux });
    const so = w.host.socket(4);
    so.setsockopt("IP_OPTIONS", fromHex(`01830b04${hexOf(R1)}${hexOf(C)}`));
    so.connect(ip(C), 80);
    const [packet] = w.out0.take();
    icmpError(w, 3, 3, 0, packet.slice(0, 2 * 36));
    assert.is(so.getsockopt("SO_ERROR"), expected);
  }
});

test("74: source route failed is soft for an established connection", () => {
  const { w, so } = client({}, R1);
  so.send(Buffer.from("x"));
  const [packet] = w.out0.take();
  icmpError(w, 3, 5, 0, packet);
  assert.is(so.getsockopt("SO_ERROR"), 0);
  w.run(SECOND);
  assert.ok(w.sent().length > 0, "it is sent again");
});

test("75: a second server's SYN-ACK does not move the connection", () => {
  const { w, port } = client({}, R1);
  const route = `01830708${hexOf(R0)}`;
  const answer = { from: C, to: U, sport: 80, dport: port, tcpOptions: MSS_1460, route };
  w.send({ ...answer, flags: "S.", seq: 0x9000, ack: 0x2001 });
  const [ack] = w.sent();
  assert.equal([ack.flags, ack.to, ack.ack], [".", R1, 0x5001]);
});

test("76: an out-of-window segment does not move the pin", () => {
  const { w, so, port } = client({}, R1);
  const route = `01830708${hexOf(R0)}`;
  const far = {
    from: C,
    to: U,
    sport: 80,
    dport: port,
    seq: 0x5001 + 0x200000,
    ack: 0x2001,
    route,
  };
  w.send({ ...far, flags: "P.", data: "zzz" });
  w.sent();
  so.send(Buffer.from("x"));
  assert.is(w.sent()[0].to, R1);
});

test("77: a keep-alive of a stock client leaves unpinned, and the wrong server's reset ends it", () => {
  for (const [name, kernel, to] of [
    ["engel", "engel", R1],
    ["stock", "linux", C],
  ] as const) {
    const { w, so, port } = client({ client: name, profile: kernel }, R1);
    so.setsockopt("SO_KEEPALIVE", 1);
    so.setsockopt("TCP_KEEPIDLE", 10);
    w.run(11 * SECOND);
    const [probe] = w.sent();
    assert.is(probe.to, to, name);
    if (to !== C) continue;
    w.send({ from: C, to: U, sport: 80, dport: port, flags: "R", seq: probe.ack, ack: 0 });
    assert.is(so.getsockopt("SO_ERROR"), "ECONNRESET");
  }
});

test("78: a filtering client drops the pinned SYN-ACK and sends its SYN again", () => {
  const w = tcpWorld({ client: "filtering", profile: "linux" });
  const so = w.host.socket(4);
  so.connect(ip(C), 80);
  const [{ sport }] = w.sent();
  const answer = { from: C, to: U, sport: 80, dport: sport, route: `01830708${hexOf(R1)}` };
  w.send({ ...answer, flags: "S.", seq: 0x5000, ack: 0x2001 });
  assert.equal(w.sent(), []);
  w.run(1100 * MILLISECOND);
  assert.is(w.sent()[0].flags, "S");
});

test.run();
