/** When things are sent: retransmission, delayed ACK, Nagle, probes, keep-alive. Virtual time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import type { TcpOptionsForStack } from "../../../stack/tcp/tcp.ts";
import { ip } from "../../support/ip-packet.ts";
import { type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";
import { C } from "../../support/world-w.ts";

/** Milliseconds from now at which packets leave, over `limit` milliseconds, in steps of one. */
function departures(w: TcpWorld, limit: number, step = 1): number[] {
  const times: number[] = [];
  for (let at = step; at <= limit; at += step) {
    w.run(step * MILLISECOND);
    for (const _ of w.sent()) times.push(at);
  }
  return times;
}

test("a SYN is sent again after 1, 2, 4, … seconds and given up with ETIMEDOUT", () => {
  const w = tcpWorld({}, { maxSynRetransmits: 4, keepInit: 1000 * SECOND });
  const so = w.host.socket(4);
  so.connect(ip(C), 80);
  w.sent();
  assert.equal(departures(w, 40_000, 100), [1000, 3000, 7000, 15_000]);
  assert.is(so.getsockopt("SO_ERROR"), "ETIMEDOUT");
  assert.is(w.host.table.connected, 0);
});

test("the limit on establishment ends an attempt earlier", () => {
  const w = tcpWorld({}, { keepInit: 10 * SECOND });
  const so = w.host.socket(4);
  so.connect(ip(C), 80);
  w.run(10 * SECOND);
  assert.is(so.getsockopt("SO_ERROR"), "ETIMEDOUT");
});

test("data is sent again after the time-out of RFC 6298, doubled each time", () => {
  const w = tcpWorld({}, { rtoMin: 300 * MILLISECOND });
  const so = w.open();
  w.sent();
  so.send(Buffer.from("x"));
  assert.equal(
    w.sent().map((s) => s.flags),
    ["P."],
  );
  // The handshake took no time: the estimate is at its least.
  assert.equal(departures(w, 3000), [300, 900, 2100]);
});

test("an ACK is held back, but not for every second segment, nor out of order", () => {
  const w = tcpWorld();
  w.open();
  w.sent();
  w.send({ flags: "P.", data: "a" });
  assert.equal(departures(w, 100), [40]);
  w.send({ flags: "P.", seq: 0x1002, data: "b" });
  assert.is(w.sent().length, 0);
  w.send({ flags: "P.", seq: 0x1003, data: "c" });
  assert.equal(
    w.sent().map((s) => s.ack),
    [0x1004],
  );
  w.send({ flags: "P.", seq: 0x1005, data: "e" });
  assert.equal(
    w.sent().map((s) => s.ack),
    [0x1004],
  );
  w.send({ flags: "P.", seq: 0x1004, data: "d" });
  assert.equal(
    w.sent().map((s) => s.ack),
    [0x1006],
  );
});

test("Nagle holds a small segment while another is out; TCP_NODELAY and TCP_CORK say otherwise", () => {
  const small = (options: "TCP_NODELAY" | "TCP_CORK" | null): number => {
    const w = tcpWorld();
    const so = w.open();
    if (options) so.setsockopt(options, 1);
    w.sent();
    so.send(Buffer.from("a"));
    so.send(Buffer.from("b"));
    return w.sent().length;
  };
  assert.equal([small(null), small("TCP_NODELAY"), small("TCP_CORK")], [1, 2, 0]);
});

test("a shut window is probed with one octet, ever more seldom, until it opens", () => {
  const w = tcpWorld({}, { persistMin: SECOND });
  const so = w.open();
  so.send(Buffer.from("a"));
  w.send({ flags: ".", ack: 0x2002, window: 0 });
  w.sent();
  so.send(Buffer.from("held"));
  assert.equal(w.sent(), []);
  const times: number[] = [];
  for (let at = 100; at <= 8000; at += 100) {
    w.run(100 * MILLISECOND);
    for (const probe of w.sent()) {
      assert.equal([probe.length, probe.seq], [1, 0x2002]);
      times.push(at);
      w.send({ flags: ".", ack: 0x2002, window: 0 });
    }
  }
  assert.equal(times, [1000, 2000, 3000, 4600, 7800]);
  w.send({ flags: ".", ack: 0x2002, window: 1000 });
  assert.equal(
    w.sent().map((s) => Buffer.from(s.data).toString()),
    ["held"],
  );
});

test("keep-alive probes an idle peer and gives it up when it does not answer", () => {
  const tcp: TcpOptionsForStack = { keepCount: 3 };
  const w = tcpWorld({}, tcp);
  const so = w.open();
  so.setsockopt("SO_KEEPALIVE", 1);
  so.setsockopt("TCP_KEEPIDLE", 10);
  so.setsockopt("TCP_KEEPINTVL", 2);
  w.sent();
  w.run(10 * SECOND);
  assert.equal(
    w.sent().map((s) => [s.seq, s.length]),
    [[0x2000, 0]],
  );
  w.send({ flags: "." });
  assert.equal(departures(w, 20_000, 100), [10_000, 12_000, 14_000, 16_000]);
  assert.is(so.getsockopt("SO_ERROR"), "ETIMEDOUT");
});

test("a connection in peace has nothing armed", () => {
  const w = tcpWorld();
  w.open();
  w.run(200 * SECOND);
  assert.is(w.clock.pending, 0);
});

test.run();
