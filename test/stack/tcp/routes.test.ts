/** Which segments may change a connection's source route: cases 38 to 52 of the specification. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import type { ClientProfile, KernelProfile } from "../../../stack/config.ts";
import { ip } from "../../support/ip-packet.ts";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";
import { A, C, G, hexOf, R0, R1, U } from "../../support/world-w.ts";

const KERNEL: Record<ClientProfile, KernelProfile> = {
  engel: "engel",
  stock: "linux",
  bsd44: "bsd44",
  freebsd: "freebsd",
  filtering: "linux",
};

const world = (client: ClientProfile, tcp = {}): TcpWorld =>
  tcpWorld({ client, profile: KERNEL[client] }, tcp);

const hex = (...hops: string[]): string => hops.map(hexOf).join("");
/** A completed loose source route as it arrives, and the route back as each family writes it. */
const done = (...hops: string[]): string =>
  `83${length(hops)}${(4 + 4 * hops.length).toString(16).padStart(2, "0")}${hex(...hops)}`;
const back = (...hops: string[]): string => `0183${length(hops)}04${hex(...hops)}`;
const backLinux = (...hops: string[]): string => `83${length(hops)}04${hex(...hops)}00`;
const length = (hops: string[]): string => (3 + 4 * hops.length).toString(16).padStart(2, "0");

const syn = { flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460 };

test("38: the SYN-ACK goes back over the SYN's route", () => {
  for (const [client, route] of [
    ["engel", back(C)],
    ["bsd44", back(C)],
    ["stock", backLinux(C)],
  ] as const) {
    const w = world(client);
    w.send({ ...syn, route: done(R1) });
    const [synAck] = w.sent();
    assert.is(synAck.flags, "S.");
    assert.is(synAck.to, R1);
    assert.is(synAck.route, route);
  }
});

test("39: two hops are reversed, and a strict route stays strict", () => {
  const w = world("engel");
  w.send({ ...syn, route: done(R0, R1) });
  w.send({ ...syn, sport: 40001, route: `89${done(R0, R1).slice(2)}` });
  const [loose, strict] = w.sent();
  assert.is(loose.route, back(R0, C));
  assert.is(strict.route, `0189${back(R0, C).slice(4)}`);
});

test("40: nine hops fill the header and leave 1420 octets of payload", () => {
  const w = world("engel", { initialWindow: 10 });
  const nine = [R1, R0, R0, R0, R0, R0, R0, R0, R1];
  const so = w.open(done(...nine), done(...nine));
  const [synAck] = w.sent();
  assert.is(synAck.route.length, 80);
  so.send(new Uint8Array(4000));
  assert.is(w.sent()[0].length, 1420);
});

test("41: a route that names its sender is returned clean, by 4.4BSD not", () => {
  for (const [client, route] of [
    ["engel", back(C)],
    ["bsd44", back(C, C)],
  ] as const) {
    const w = world(client);
    w.send({ ...syn, route: done(C, R1) });
    assert.is(w.sent()[0].route, route, client);
  }
});

test("42: a route of nothing but its sender is no route", () => {
  const w = world("engel");
  w.send({ ...syn, route: done(C) });
  const [synAck] = w.sent();
  assert.is(synAck.to, C);
  assert.is(synAck.route, "");
});

test("43: of a route and a record, Linux sends both back, the record first; the BSDs the route", () => {
  // The record has room for one address: this host's, as the SYN arrives.
  const record = "07070400000000";
  const recorded = `070708${hex(A)}`;
  for (const [client, options, to, sent] of [
    ["stock", `${done(R1)}${record}`, R1, `${recorded}830704${hex(C)}0000`],
    ["stock", `${record}${done(R1)}`, R1, `${recorded}830704${hex(C)}0000`],
    ["stock", record, C, `${recorded}00`],
    ["bsd44", `${done(R1)}${record}`, R1, back(C)],
    ["freebsd", `${done(R1)}${record}`, R1, back(C)],
    ["bsd44", record, C, ""],
  ] as const) {
    const w = world(client);
    const so = w.open(options);
    const [synAck] = w.sent();
    assert.equal([synAck.to, synAck.route], [to, sent], client);
    so.send(Buffer.from("x"));
    const [data] = w.sent();
    assert.equal([data.to, data.route], [to, sent], `${client}, data`);
  }
});

for (const [name, synRoute, ackRoute, expected] of [
  ["44: a route only on the final ACK", undefined, R1, { freebsd: R1, stock: C, bsd44: C }],
  ["45: another route on the final ACK", R1, R0, { freebsd: R0, engel: R0, stock: R1 }],
] as const) {
  for (const [client, hop] of Object.entries(expected)) {
    test(`${name}: ${client} sends by ${hop}`, () => {
      const w = world(client as ClientProfile);
      const so = w.open(synRoute && done(synRoute), done(ackRoute));
      w.sent();
      so.send(Buffer.from("x"));
      assert.is(w.sent()[0].to, hop);
    });
  }
}

test("46: a duplicate SYN with another route replaces it, in Linux not", () => {
  for (const [client, hop] of [
    ["engel", R0],
    ["freebsd", R0],
    ["stock", R1],
  ] as const) {
    const w = world(client);
    w.send({ ...syn, route: done(R1) });
    w.sent();
    w.send({ ...syn, route: done(R0) });
    assert.is(w.sent()[0].to, hop, client);
    w.run(1.5 * SECOND);
    assert.is(w.sent()[0].to, hop, `${client}, retransmitted`);
  }
});

test("47: with cookies the SYN-ACK is routed by the SYN, the connection by its ACK", () => {
  for (const [ackRoute, hop] of [
    [undefined, C],
    [done(R1), R1],
  ] as const) {
    const w = world("stock", { synCookies: "always" });
    w.send({ ...syn, route: done(R1) });
    const [synAck] = w.sent();
    assert.is(synAck.to, R1);
    assert.is(w.host.table.connected, 0);
    const ack = synAck.seq + 1;
    w.send({ flags: ".", ack, ...(ackRoute ? { route: ackRoute } : {}) });
    const so = w.listener.accept();
    if (typeof so === "string") throw new Error(so);
    so.send(Buffer.from("x"));
    assert.is(w.sent()[0].to, hop);
  }
});

test("48: a reset for nobody goes back over the route, from the BSDs plain", () => {
  for (const [client, hop, route] of [
    ["stock", R1, backLinux(C)],
    ["bsd44", C, ""],
    ["freebsd", C, ""],
  ] as const) {
    const w = world(client);
    w.send({ ...syn, dport: 81, route: done(R1) });
    const [reset] = w.sent();
    assert.is(reset.flags, "R.");
    assert.equal([reset.to, reset.route], [hop, route], client);
  }
});

test("49: a keep-alive carries the route, in the BSDs not", () => {
  for (const [client, hop] of [
    ["engel", R1],
    ["stock", R1],
    ["bsd44", C],
    ["freebsd", C],
  ] as const) {
    const w = world(client);
    const so = w.open(done(R1), done(R1));
    so.setsockopt("SO_KEEPALIVE", 1);
    so.setsockopt("TCP_KEEPIDLE", 5);
    w.sent();
    w.run(6 * SECOND);
    const [probe] = w.sent();
    assert.is(probe.seq, 0x2000);
    assert.is(probe.to, hop, client);
  }
});

test("50: a FIN again in TIME-WAIT, without a route, is answered by Linux without one", () => {
  const w = world("stock");
  const so = w.open(done(R1), done(R1));
  so.close();
  w.sent();
  w.send({ flags: "F.", ack: 0x2002, route: done(R1) });
  assert.is(w.sent()[0].to, R1);
  w.send({ flags: "F.", ack: 0x2002 });
  const [again] = w.sent();
  assert.equal([again.to, again.route, again.ack], [C, "", 0x1002]);
});

test("51: the route of a SYN-ACK is reversed by profile engel only", () => {
  const expected: [ClientProfile, string, string][] = [
    ["engel", G, back(R1)],
    ["stock", R1, ""],
    ["bsd44", R1, ""],
    ["freebsd", R1, ""],
  ];
  for (const [client, to, route] of expected) {
    const w = world(client);
    const so = w.host.socket(4);
    assert.is(so.connect(ip(R1), 80), "EINPROGRESS");
    const [{ sport }] = w.sent();
    const synAck = { from: R1, to: U, sport: 80, dport: sport, tcpOptions: MSS_1460 };
    w.send({ ...synAck, flags: "S.", seq: 0x5000, ack: 0x2001, route: done(G) });
    const [ack] = w.sent();
    assert.equal([ack.to, ack.route], [to, route], client);
  }
});

test("52: a route that the user set wins over one received", () => {
  for (const [client, route] of [
    ["engel", back(R1)],
    ["stock", `01${backLinux(R1, R1).slice(0, -2)}`],
  ] as const) {
    const w = world(client);
    const so = w.host.socket(4);
    assert.is(so.setsockopt("IP_OPTIONS", Buffer.from(`01830b04${hex(G, R1)}`, "hex")), 0);
    so.connect(ip(R1), 80);
    const [first] = w.sent();
    assert.equal([first.to, first.route], [G, route], client);
    const answer = { from: R1, to: first.from, sport: 80, dport: first.sport };
    const synAck = { ...answer, flags: "S.", seq: 0x5000, ack: 0x2001, tcpOptions: MSS_1460 };
    w.send({ ...synAck, route: done(R0) });
    const [ack] = w.sent();
    assert.equal([ack.flags, ack.to, ack.route], [".", G, route], client);
  }
});

test("a filtering host does not see segments with a source route", () => {
  const w = world("filtering");
  w.send({ ...syn, route: done(R1) });
  assert.equal(w.sent(), []);
  assert.is(w.stack.stats.dropped("sourceRouteRefused"), 1);
});

test.run();
