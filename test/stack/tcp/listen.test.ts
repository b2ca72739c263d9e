/** Listening sockets: backlog, SYN queue, cookies; and the errors of the socket calls. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { POLLIN, POLLOUT } from "../../../stack/socket.ts";
import { fromHex, ip } from "../../support/ip-packet.ts";
import { accepted, CLIENT, ok, SERVER, TcpPair } from "../../support/tcp-pair.ts";
import { MSS_1460, tcpWorld } from "../../support/world-tcp.ts";
import { A, C, R1, U } from "../../support/world-w.ts";

const syn = { flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460 };

test("with the backlog full an ACK waits, and the connection is there once accept makes room", () => {
  const w = tcpWorld();
  w.listener.listen(1);
  for (const sport of [1, 2, 3]) w.send({ ...syn, sport });
  for (const sport of [1, 2, 3]) w.send({ flags: ".", sport });
  w.sent();
  assert.is(w.host.stats.listenOverflows, 1);
  w.send({ ...syn, sport: 4 });
  assert.equal(w.sent(), [], "no SYN is answered meanwhile");
  accepted(w.listener.accept());
  w.send({ flags: "P.", sport: 3, data: "hello" });
  accepted(w.listener.accept());
  const third = accepted(w.listener.accept());
  assert.is(third.receive(new Uint8Array(9)), 5);
  assert.is(w.listener.accept(), "EAGAIN");
});

test("a connection takes over its listener's settings, and not its IP options", () => {
  const settings = {
    SO_SNDBUF: 30_000,
    SO_RCVBUF: 20_000,
    TCP_MAXSEG: 700,
    TCP_CONGESTION: "reno",
    TCP_KEEPINIT: 14,
    TCP_KEEPIDLE: 11,
    TCP_KEEPINTVL: 12,
    TCP_KEEPCNT: 3,
    IP_TTL: 9,
    IP_TOS: 8,
  } as const;
  const w = tcpWorld();
  const names = Object.keys(settings) as (keyof typeof settings)[];
  for (const name of names) ok(w.listener.setsockopt(name, settings[name]));
  ok(w.listener.setsockopt("IP_OPTIONS", fromHex("94040000")));
  const so = w.open();
  for (const name of names) assert.is(so.getsockopt(name), settings[name], name);
  assert.equal(so.getsockopt("IP_OPTIONS"), new Uint8Array(0));
});

test("beyond the SYN backlog cookies answer, and options come back in the timestamp", () => {
  const w = tcpWorld(
    {},
    { synBacklog: 2, timestamps: true, sack: true, windowScale: true, receiveBuffer: 65536 },
  );
  const offer = `${MSS_1460}010303070402080a0000006400000000`;
  for (let sport = 1; sport <= 50; sport++) w.send({ ...syn, sport, tcpOptions: offer });
  const answers = w.sent();
  assert.is(answers.length, 50);
  assert.is(w.host.table.connected, 2);
  assert.is(w.host.stats.synCookiesSent, 48);
  const last = answers[49];
  const tsVal = /080a(.{8})/.exec(last.tcpOptions)?.[1];
  const ts = `0101080a00000065${tsVal}`;
  w.send({ flags: ".", sport: 50, ack: last.seq + 1, tcpOptions: ts });
  const info = accepted(w.listener.accept()).getsockopt("TCP_INFO");
  if (typeof info === "string") throw new Error(info);
  assert.equal([info.tcpi_options, info.tcpi_snd_wscale], [7, 7]);
  // A number that is nobody's cookie makes no connection.
  w.send({ flags: ".", sport: 49, ack: answers[48].seq + 2, tcpOptions: ts });
  assert.is(w.host.stats.synCookiesRefused, 1);
  assert.is(w.listener.accept(), "EAGAIN");
});

test("a cookie is good for two minutes and not for five", () => {
  for (const [wait, expected] of [
    [60, "object"],
    [300, "string"],
  ] as const) {
    const w = tcpWorld({}, { synCookies: "always" });
    w.send(syn);
    const [answer] = w.sent();
    w.run(wait * SECOND);
    w.send({ flags: ".", ack: answer.seq + 1 });
    assert.type(w.listener.accept(), expected);
  }
});

test("a half-open connection is forgotten after its SYN-ACKs, or by a reset", () => {
  const w = tcpWorld({}, { maxSynAckRetransmits: 3 });
  w.send(syn);
  w.run(60 * SECOND);
  assert.equal(
    w.sent().map((s) => s.flags),
    ["S.", "S.", "S.", "S."],
  );
  assert.is(w.host.table.connected, 0);
  w.send(syn);
  w.send({ flags: "R", ack: 0 });
  assert.is(w.host.table.connected, 0);
  assert.is(w.listener.accept(), "EAGAIN");
});

test("closing a listener resets those that wait, and the port refuses", () => {
  const w = tcpWorld();
  w.open();
  w.send({ ...syn, sport: 7 });
  w.send({ flags: ".", sport: 7 });
  w.sent();
  w.listener.close();
  assert.equal(
    w.sent().map((s) => [s.flags, s.dport]),
    [["R.", 7]],
  );
  w.send({ ...syn, sport: 8 });
  assert.equal(
    w.sent().map((s) => s.flags),
    ["R."],
  );
});

test("bind, listen, connect, send and receive say what is wrong by BSD's names", () => {
  const w = tcpWorld();
  const { host } = w;
  const so = host.socket(4);
  assert.is(so.bind(ip("192.0.2.200"), 5), "EADDRNOTAVAIL");
  assert.is(so.bind(ip(A), 80), "EADDRINUSE");
  assert.is(so.bind(0, 80), "EADDRINUSE");
  assert.is(so.send(new Uint8Array(1)), "ENOTCONN");
  assert.is(so.receive(new Uint8Array(1)), "ENOTCONN");
  assert.is(so.shutdown(1), "ENOTCONN");
  assert.is(so.getpeername(), "ENOTCONN");
  assert.is(so.accept(), "EINVAL");
  assert.is(so.bind(ip(U), 5000), 0);
  assert.is(so.bind(ip(U), 5001), "EINVAL");
  assert.equal(so.getsockname(), { address: ip(U), port: 5000 });
  assert.is(so.connect(ip(C), 0), "EADDRNOTAVAIL");
  assert.is(so.connect(ip(C), 80), "EINPROGRESS");
  assert.is(so.connect(ip(C), 80), "EALREADY");
  assert.is(so.listen(1), "EINVAL");
  const other = host.socket(4);
  other.setsockopt("SO_REUSEADDR", 1);
  assert.is(other.bind(ip(U), 5000), 0);
  assert.is(other.connect(ip(C), 80), "EADDRINUSE");
  assert.is(w.listener.connect(ip(R1), 1), "EOPNOTSUPP");
  assert.is(so.close(), 0);
  assert.is(so.close(), "EBADF");
  assert.is(so.send(new Uint8Array(1)), "EBADF");
});

test("a socket that is only bound does not keep connections from one that listens", () => {
  const w = tcpWorld();
  const everywhere = w.host.socket(4);
  everywhere.setsockopt("SO_REUSEADDR", 1);
  const here = w.host.socket(4);
  here.setsockopt("SO_REUSEADDR", 1);
  assert.equal([everywhere.bind(0, 90), here.bind(ip(A), 90), everywhere.listen(1)], [0, 0, 0]);
  w.send({ ...syn, dport: 90 });
  assert.equal(
    w.sent().map((s) => s.flags),
    ["S."],
  );
  assert.is(here.listen(1), 0);
  w.send({ ...syn, dport: 90, sport: 41000 });
  w.send({ flags: ".", dport: 90, sport: 41000 });
  assert.type(here.accept(), "object");
});

test("a refused connection says so, and a second one can be made", () => {
  const pair = new TcpPair();
  const so = pair.client.socket(4);
  so.connect(SERVER, 81);
  pair.run(SECOND);
  assert.is(so.getsockopt("SO_ERROR"), "ECONNREFUSED");
  so.close();
  pair.listen(81, () => {});
  const again = pair.connect(81);
  pair.run(SECOND);
  assert.is(again.poll() & POLLOUT, POLLOUT);
});

test("after the peer's end of stream receive says 0, after shutdown send says EPIPE", () => {
  const w = tcpWorld();
  const so = w.open();
  w.send({ flags: "FP.", data: "bye" });
  assert.is(so.poll() & POLLIN, POLLIN);
  assert.equal([so.receive(new Uint8Array(9)), so.receive(new Uint8Array(9))], [3, 0]);
  assert.is(so.send(new Uint8Array(3)), 3);
  so.shutdown(1);
  assert.is(so.send(new Uint8Array(1)), "EPIPE");
});

test("a host talks to itself over loopback, by either address", () => {
  const pair = new TcpPair();
  const listener = pair.server.socket(4);
  ok(listener.bind(0, 9));
  ok(listener.listen(1));
  for (const address of [SERVER, ip("127.0.0.1")]) {
    const so = pair.server.socket(4);
    so.connect(address, 9);
    pair.run(SECOND);
    const peer = accepted(listener.accept());
    so.send(Buffer.from("hi"));
    pair.run(SECOND);
    assert.is(peer.receive(new Uint8Array(9)), 2);
    assert.equal(so.getpeername(), { address, port: 9 });
  }
  assert.is(CLIENT, ip("10.0.0.1"));
});

test.run();
