/** What is believed: RFC 5961, PAWS, TIME-WAIT reuse, windows; no reset by a stranger's guess. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import { ESTABLISHED } from "../../../stack/tcp/state.ts";
import type { Tcb } from "../../../stack/tcp/tcb.ts";
import { testRandom } from "../../support/random.ts";
import { ok, SERVER, TcpPair } from "../../support/tcp-pair.ts";
import { segmentPacket } from "../../support/tcp-segment.ts";
import { MSS_1460, tcpWorld } from "../../support/world-tcp.ts";
import { A, C } from "../../support/world-w.ts";

const TS = (value: number, echo = 0): string =>
  `0101080a${value.toString(16).padStart(8, "0")}${echo.toString(16).padStart(8, "0")}`;

test("a reset inside the window draws a challenge ACK, outside nothing, on the spot it resets", () => {
  const w = tcpWorld();
  const so = w.open();
  w.sent();
  w.send({ flags: "R", seq: 0x1001 + 100 });
  assert.equal(
    w.sent().map((s) => [s.flags, s.ack]),
    [[".", 0x1001]],
  );
  w.send({ flags: "R", seq: 0x1001 + 100_000 });
  w.send({ flags: "R", seq: 0x1000 - 5 });
  assert.equal(w.sent(), []);
  w.send({ flags: "R", seq: 0x1001 });
  assert.is(so.getsockopt("SO_ERROR"), "ECONNRESET");
});

test("a SYN on a connection draws a challenge ACK, wherever it is", () => {
  const w = tcpWorld();
  w.open();
  w.sent();
  for (const seq of [0x1001, 0x1100, 0x999999]) w.send({ flags: "S", seq, ack: 0 });
  assert.equal(
    w.sent().map((s) => [s.flags, s.seq, s.ack]),
    Array(3).fill([".", 0x2001, 0x1001]),
  );
  assert.is(w.host.table.connected, 1);
});

test("an ACK of the future, or of the distant past, draws a challenge ACK and is not used", () => {
  const w = tcpWorld();
  const so = w.open();
  w.sent();
  w.send({ flags: "P.", ack: 0x3000, data: "x" });
  w.send({ flags: "P.", ack: 0x2001 - 0x20000, data: "x" });
  assert.is(w.sent().length, 2);
  assert.is(so.receive(new Uint8Array(1)), "EAGAIN");
});

test("challenge ACKs are limited in a second and connection", () => {
  const w = tcpWorld({}, { challengeLimit: 5 });
  w.open();
  w.sent();
  for (let i = 0; i < 20; i++) w.send({ flags: "S", seq: 0x1001 + i, ack: 0 });
  assert.is(w.sent().length, 5);
  assert.is(w.host.stats.challengeLimited, 15);
  w.run(1.1 * SECOND);
  w.send({ flags: "S", seq: 0x1001, ack: 0 });
  assert.is(w.sent().length, 1);
});

test("PAWS: a segment with an older timestamp is acknowledged and thrown away", () => {
  const w = tcpWorld({}, { timestamps: true });
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460 + TS(1000) });
  const [synAck] = w.sent();
  assert.ok(synAck.tcpOptions.includes("080a"));
  w.send({ flags: ".", tcpOptions: TS(1001) });
  const so = w.listener.accept();
  if (typeof so === "string") throw new Error(so);
  w.send({ flags: "P.", data: "old", tcpOptions: TS(999) });
  assert.is(w.sent().length, 1);
  assert.is(w.host.stats.pawsDrops, 1);
  assert.is(so.receive(new Uint8Array(8)), "EAGAIN");
  w.send({ flags: "P.", data: "none" });
  assert.is(w.host.stats.missingTimestamps, 1);
  w.send({ flags: "P.", data: "new", tcpOptions: TS(1002) });
  assert.is(so.receive(new Uint8Array(8)), 3);
});

test("a timestamp that was not renewed for 24 days proves nothing any more", () => {
  const w = tcpWorld({}, { timestamps: true });
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460 + TS(1000) });
  w.send({ flags: ".", tcpOptions: TS(1001) });
  const so = w.listener.accept();
  if (typeof so === "string") throw new Error(so);
  const day = 24 * 3600 * SECOND;
  w.run(23.9 * day);
  w.send({ flags: "P.", data: "old", tcpOptions: TS(999) });
  assert.is(so.receive(new Uint8Array(8)), "EAGAIN");
  w.run(0.2 * day);
  w.send({ flags: "P.", data: "new", tcpOptions: TS(999) });
  assert.is(so.receive(new Uint8Array(8)), 3);
});

test("a connection in TIME-WAIT gives way to one from here after a second, if timestamps tell", () => {
  for (const timestamps of [true, false]) {
    const pair = new TcpPair({ client: { timestamps, iss: () => 1 }, server: { timestamps } });
    pair.listen(80, (so) => {
      so.onReady = () => so.receive(new Uint8Array(1)) === 0 && so.close();
    });
    const attempt = () => {
      const so = pair.client.socket(4);
      so.setsockopt("SO_REUSEADDR", 1);
      ok(so.bind(0, 2000));
      return { so, result: so.connect(SERVER, 80) };
    };
    const first = attempt();
    assert.is(first.result, "EINPROGRESS");
    pair.run(SECOND);
    const last = (first.so.pcb as Tcb).sndMax;
    first.so.close();
    pair.run(SECOND / 2);
    const early = attempt();
    assert.is(early.result, "EADDRINUSE");
    early.so.close();
    pair.run(SECOND);
    const again = attempt();
    assert.is(again.result, timestamps ? "EINPROGRESS" : "EADDRINUSE");
    if (!timestamps) continue;
    const { iss } = again.so.pcb as Tcb;
    assert.ok(((iss - last) | 0) > 0, "its numbers are beyond the old ones");
    pair.run(SECOND);
    assert.is((again.so.pcb as Tcb).state, ESTABLISHED);
  }
});

test("a SYN beyond all that was takes over a connection in TIME-WAIT, an old one does not", () => {
  const w = tcpWorld();
  const so = w.open();
  so.close();
  w.send({ flags: "F.", ack: 0x2002 });
  w.sent();
  w.send({ flags: "S", seq: 0x0800, ack: 0, tcpOptions: MSS_1460 });
  assert.equal(
    w.sent().map((s) => s.flags),
    ["."],
  );
  w.send({ flags: "S", seq: 0x9000, ack: 0, tcpOptions: MSS_1460 });
  const [synAck] = w.sent();
  assert.equal([synAck.flags, synAck.ack], ["S.", 0x9001]);
  assert.ok(synAck.seq > 0x2002, "a new initial sequence number beyond the old connection's");
  assert.is(w.host.stats.timeWaitReused, 1);
});

test("the peer's FIN again in TIME-WAIT is acknowledged and the wait begins again", () => {
  const w = tcpWorld();
  const so = w.open();
  so.close();
  w.send({ flags: "F.", ack: 0x2002 });
  w.sent();
  w.run(50 * SECOND);
  w.send({ flags: "F.", ack: 0x2002 });
  assert.equal(
    w.sent().map((s) => [s.flags, s.ack]),
    [[".", 0x1002]],
  );
  w.run(50 * SECOND);
  assert.is(w.host.table.connected, 1);
});

test("a full buffer shuts the window, reading opens it, and probes are answered meanwhile", () => {
  const w = tcpWorld({}, { receiveBuffer: 4000, delayedAck: 0 });
  const so = w.open();
  for (let at = 0; at < 4000; at += 1000) {
    w.send({ flags: "P.", seq: 0x1001 + at, data: new Uint8Array(1000) });
  }
  assert.is(w.sent().at(-1)?.window, 0);
  w.send({ flags: ".", seq: 0x1001 + 4000, data: "p" });
  assert.equal(
    w.sent().map((s) => [s.window, s.ack]),
    [[0, 0x1001 + 4000]],
  );
  so.receive(new Uint8Array(4000));
  assert.equal(
    w.sent().map((s) => s.window),
    [4000],
  );
});

test("urgent data is announced, and a read stops before its last octet", () => {
  const w = tcpWorld();
  const so = w.open();
  let events = 0;
  so.onReady = (_, bits) => {
    events |= bits;
  };
  w.send({ flags: "P.U", data: "abcdef", urgent: 4 });
  assert.is(events & 2, 2);
  const into = new Uint8Array(10);
  assert.is(so.receive(into), 3);
  assert.is(so.atMark(), true);
  assert.is(so.receive(into), 3);
  assert.is(so.atMark(), false);
});

test("segments outside the window never reset or move a connection, whatever is in them", () => {
  const random = testRandom(7);
  const w = tcpWorld({}, { receiveBuffer: 60_000 });
  const so = w.open();
  w.sent();
  for (let i = 0; i < 30_000; i++) {
    // Anywhere but in the window, or where a keep-alive would be.
    const seq = (0x1001 + 70_000 + random.below(0xffffffff - 140_000)) >>> 0;
    const letters = ["S", "F", "R", "P", ".", "U", "E", "C"].filter(() => random.below(3) === 0);
    const packet = segmentPacket({
      from: C,
      to: A,
      sport: 40000,
      dport: 80,
      seq,
      ack: random.word(),
      flags: letters.join(""),
      window: random.below(65536),
      data: random.bytes(random.below(40)),
      urgent: random.below(100),
      tcpOptions: Buffer.from(random.bytes(4 * random.below(6))).toString("hex"),
    });
    w.receive(packet);
    w.out0.take();
    if (i % 1000 === 0) w.run(MILLISECOND);
  }
  const info = so.getsockopt("TCP_INFO");
  if (typeof info === "string") throw new Error(info);
  assert.equal([info.tcpi_state_name, info.tcpi_rcv_nxt], ["ESTABLISHED", 0x1001]);
  w.send({ flags: "P.", data: "still here" });
  assert.is(so.receive(new Uint8Array(20)), 10);
  assert.is(w.pool.outstanding, 0);
});

test.run();
