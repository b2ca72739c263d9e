/** The state diagram of RFC 9293 section 3.3.2, as a table and as connections walk through it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { SHUT_WR, type Socket } from "../../../stack/socket.ts";
import * as state from "../../../stack/tcp/state.ts";
import { ip } from "../../support/ip-packet.ts";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";
import { C, U } from "../../support/world-w.ts";

const nameOf = (so: Socket): string => {
  const info = so.getsockopt("TCP_INFO");
  return typeof info === "string" ? info : info.tcpi_state_name;
};

test("every arrow of the diagram is there, and no other", () => {
  const arrows: [string, string, string][] = [];
  const events: [string, number][] = [
    ["passive open", state.PASSIVE_OPEN],
    ["active open", state.ACTIVE_OPEN],
    ["SYN", state.RECEIVE_SYN],
    ["SYN-ACK", state.RECEIVE_SYN_ACK],
    ["ACK of SYN", state.RECEIVE_ACK_OF_SYN],
    ["close", state.USER_CLOSE],
    ["FIN", state.RECEIVE_FIN],
    ["ACK of FIN", state.RECEIVE_ACK_OF_FIN],
    ["time-out", state.TIMEOUT],
  ];
  for (const [from, name] of state.STATE_NAMES.entries()) {
    for (const [event, number] of events) {
      const to = state.nextState(from, number);
      if (to !== from) arrows.push([name, event, state.STATE_NAMES[to]]);
    }
  }
  assert.equal(arrows, [
    ["CLOSED", "passive open", "LISTEN"],
    ["CLOSED", "active open", "SYN-SENT"],
    ["LISTEN", "active open", "SYN-SENT"],
    ["LISTEN", "SYN", "SYN-RECEIVED"],
    ["LISTEN", "close", "CLOSED"],
    ["SYN-SENT", "SYN", "SYN-RECEIVED"],
    ["SYN-SENT", "SYN-ACK", "ESTABLISHED"],
    ["SYN-SENT", "close", "CLOSED"],
    ["SYN-RECEIVED", "ACK of SYN", "ESTABLISHED"],
    ["SYN-RECEIVED", "close", "FIN-WAIT-1"],
    ["SYN-RECEIVED", "FIN", "CLOSE-WAIT"],
    ["ESTABLISHED", "close", "FIN-WAIT-1"],
    ["ESTABLISHED", "FIN", "CLOSE-WAIT"],
    ["CLOSE-WAIT", "close", "LAST-ACK"],
    ["FIN-WAIT-1", "FIN", "CLOSING"],
    ["FIN-WAIT-1", "ACK of FIN", "FIN-WAIT-2"],
    ["CLOSING", "ACK of FIN", "TIME-WAIT"],
    ["LAST-ACK", "ACK of FIN", "CLOSED"],
    ["FIN-WAIT-2", "FIN", "TIME-WAIT"],
    ["FIN-WAIT-2", "time-out", "CLOSED"],
    ["TIME-WAIT", "time-out", "CLOSED"],
  ]);
});

/** A connection from U to C:80, SYN sent; the peer's segments for it. */
function active(tcp = {}): { w: TcpWorld; so: Socket; peer: (fields: object) => void } {
  const w = tcpWorld({}, tcp);
  const so = w.host.socket(4);
  so.connect(ip(C), 80);
  const [{ sport }] = w.sent();
  const base = { from: C, to: U, sport: 80, dport: sport, seq: 0x5001, ack: 0x2001, flags: "." };
  return { w, so, peer: (fields) => w.send({ ...base, ...fields }) };
}

test("active open: SYN-SENT, ESTABLISHED; passive close: CLOSE-WAIT, LAST-ACK, CLOSED", () => {
  const { w, so, peer } = active();
  assert.is(nameOf(so), "SYN-SENT");
  peer({ flags: "S.", seq: 0x5000, tcpOptions: MSS_1460 });
  assert.is(nameOf(so), "ESTABLISHED");
  peer({ flags: "F." });
  assert.is(nameOf(so), "CLOSE-WAIT");
  assert.equal(
    w.sent().map((s) => [s.flags, s.ack]),
    [
      [".", 0x5001],
      [".", 0x5002],
    ],
  );
  so.shutdown(SHUT_WR);
  assert.is(nameOf(so), "LAST-ACK");
  peer({ flags: ".", seq: 0x5002, ack: 0x2002 });
  assert.is(nameOf(so), "CLOSED");
});

test("active close: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT, and gone two lifetimes later", () => {
  const { w, so, peer } = active();
  peer({ flags: "S.", seq: 0x5000, tcpOptions: MSS_1460 });
  so.shutdown(SHUT_WR);
  assert.is(nameOf(so), "FIN-WAIT-1");
  peer({ ack: 0x2002 });
  assert.is(nameOf(so), "FIN-WAIT-2");
  peer({ flags: "F.", ack: 0x2002 });
  assert.is(nameOf(so), "TIME-WAIT");
  w.run(59 * SECOND);
  assert.is(nameOf(so), "TIME-WAIT");
  w.run(2 * SECOND);
  assert.is(nameOf(so), "CLOSED");
});

test("simultaneous open: SYN-RECEIVED, then ESTABLISHED by the other's SYN-ACK", () => {
  const { w, so, peer } = active();
  peer({ flags: "S", seq: 0x5000, ack: 0, tcpOptions: MSS_1460 });
  assert.is(nameOf(so), "SYN-RECEIVED");
  assert.equal(
    w.sent().map((s) => [s.flags, s.seq, s.ack]),
    [["S.", 0x2000, 0x5001]],
  );
  peer({ flags: "S.", seq: 0x5000, tcpOptions: MSS_1460 });
  assert.is(nameOf(so), "ESTABLISHED");
});

test("simultaneous close: CLOSING, then TIME-WAIT", () => {
  const { so, peer } = active();
  peer({ flags: "S.", seq: 0x5000, tcpOptions: MSS_1460 });
  so.shutdown(SHUT_WR);
  peer({ flags: "F." });
  assert.is(nameOf(so), "CLOSING");
  peer({ seq: 0x5002, ack: 0x2002 });
  assert.is(nameOf(so), "TIME-WAIT");
});

test("FIN-WAIT-2 of a closed socket ends; of one that still reads it lasts", () => {
  const { w, so, peer } = active({ finWait2Timeout: 10 * SECOND });
  peer({ flags: "S.", seq: 0x5000, tcpOptions: MSS_1460 });
  so.shutdown(SHUT_WR);
  peer({ ack: 0x2002 });
  w.run(100 * SECOND);
  assert.is(nameOf(so), "FIN-WAIT-2");
  so.close();
  w.run(9 * SECOND);
  assert.is(w.host.table.connected, 1);
  w.run(2 * SECOND);
  assert.is(w.host.table.connected, 0);
});

test("a segment in CLOSED is answered with a reset that its sender accepts", () => {
  const w = tcpWorld();
  w.send({ flags: ".", dport: 81, seq: 100, ack: 7777 });
  w.send({ flags: "S", dport: 81, seq: 100, ack: 0 });
  w.send({ flags: "F", dport: 81, seq: 100, ack: 0, data: "abc" });
  w.send({ flags: "R", dport: 81 });
  assert.equal(
    w.sent().map((s) => [s.flags, s.seq, s.ack]),
    [
      ["R", 7777, 0],
      ["R.", 0, 101],
      ["R.", 0, 104],
    ],
  );
});

test("in LISTEN an ACK is reset, a reset ignored, a FIN dropped", () => {
  const w = tcpWorld();
  w.send({ flags: ".", ack: 5 });
  w.send({ flags: "R" });
  w.send({ flags: "F" });
  assert.equal(
    w.sent().map((s) => [s.flags, s.seq]),
    [["R", 5]],
  );
});

test("in SYN-SENT an ACK of nothing is reset, a reset without ACK ignored, with it refused", () => {
  const { w, so, peer } = active();
  peer({ ack: 0x2000 });
  peer({ ack: 0x9999 });
  peer({ flags: "R", ack: 0 });
  assert.equal(
    w.sent().map((s) => [s.flags, s.seq]),
    [
      ["R", 0x2000],
      ["R", 0x9999],
    ],
  );
  assert.is(nameOf(so), "SYN-SENT");
  peer({ flags: "R." });
  assert.is(so.getsockopt("SO_ERROR"), "ECONNREFUSED");
});

test("data for a socket that is closed draws a reset", () => {
  const w = tcpWorld();
  const so = w.open();
  so.close();
  w.sent();
  w.send({ flags: "P.", ack: 0x2002, data: "late" });
  assert.equal(
    w.sent().map((s) => s.flags),
    ["R."],
  );
  assert.is(w.host.table.connected, 0);
});

test("closing with unread data, or lingering for no time, resets", () => {
  for (const prepare of [
    (w: TcpWorld, _so: Socket) => w.send({ flags: "P.", data: "unread" }),
    (_w: TcpWorld, so: Socket) => so.setsockopt("SO_LINGER", { on: true, seconds: 0 }),
  ]) {
    const w = tcpWorld();
    const so = w.open();
    prepare(w, so);
    w.sent();
    so.close();
    assert.equal(
      w.sent().map((s) => s.flags),
      ["R."],
    );
  }
});

test.run();
