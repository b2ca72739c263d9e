/** Where RFCs leave a choice: what FreeBSD does, with its preset. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TCP_FREEBSD } from "../../../stack/tcp/config.ts";
import { checksum } from "../../../stack/wire/checksum.ts";
import { fromHex, ip, ipPacket } from "../../support/ip-packet.ts";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";
import { C, R1, U } from "../../support/world-w.ts";

const ALL = { windowScale: true, timestamps: true, sack: true };

/** A SYN from U to C:80; the peer's segments for it, and the SYN as it left. */
function active(tcp: object): { w: TcpWorld; syn: string; options: string; peer(f: object): void } {
  const w = tcpWorld({}, { ...TCP_FREEBSD, ...tcp });
  const so = w.host.socket(4);
  so.connect(ip(C), 80);
  w.listener.context = so;
  const [syn] = w.out0.take();
  const sport = Number.parseInt(syn.slice(40, 44), 16);
  const base = { from: C, to: U, sport: 80, dport: sport, seq: 0x5001, ack: 0x2001, flags: "." };
  return { w, syn, options: syn.slice(80), peer: (f) => w.send({ ...base, ...f }) };
}

const errorOf = (w: TcpWorld): unknown => {
  const so = w.listener.context as ReturnType<TcpWorld["host"]["socket"]>;
  return so.getsockopt("SO_ERROR");
};

test("a SYN's options stand in FreeBSD's order", () => {
  const { options } = active(ALL);
  assert.match(options, /^020405b4010303060402080a.{8}00000000$/);
});

test("the SYN-ACK of a simultaneous open offers scale and timestamps again, SACK if agreed", () => {
  const { w, peer } = active(ALL);
  peer({ flags: "S", seq: 0x5000, ack: 0, tcpOptions: MSS_1460 });
  assert.match(w.sent()[0].tcpOptions, /^020405b4010303060101080a.{8}00000000$/);
});

test("buffers are rounded up to the MSS once it is known", () => {
  const w = tcpWorld({}, { ...TCP_FREEBSD, ...ALL });
  const so = w.open();
  assert.is(so.getsockopt("SO_RCVBUF"), 65700);
  assert.is(w.listener.getsockopt("SO_RCVBUF"), 65536);
});

test("in SYN-RECEIVED the window is what the SYN-ACK said", () => {
  const w = tcpWorld({}, { ...TCP_FREEBSD, ...ALL });
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460 });
  w.sent();
  w.send({ flags: "R", seq: 0x1001 + 65534, ack: 0 });
  assert.equal(
    w.sent().map((s) => [s.flags, s.window]),
    [[".", 65535]],
  );
  w.send({ flags: "R", seq: 0x1001 + 65535, ack: 0 });
  assert.equal(w.sent(), []);
});

test("with insecure_syn and insecure_rst anything in the window resets", () => {
  const first = tcpWorld({}, { ...TCP_FREEBSD, insecureSyn: true });
  const so = first.open();
  first.sent();
  first.send({ flags: "S", seq: 0x1001, ack: 0 });
  assert.equal(
    first.sent().map((s) => [s.flags, s.seq, s.ack, s.window]),
    [["R.", 0x2001, 0x1001, 0]],
  );
  assert.is(so.getsockopt("SO_ERROR"), "ECONNRESET");
  const second = tcpWorld({}, { ...TCP_FREEBSD, insecureReset: true });
  const other = second.open();
  second.send({ flags: "R", seq: 0x1001 + 500, ack: 0 });
  assert.is(other.getsockopt("SO_ERROR"), "ECONNRESET");
});

test("a SYN that may not take over a connection in TIME-WAIT is dropped", () => {
  const w = tcpWorld({}, TCP_FREEBSD);
  const so = w.open();
  so.close();
  w.send({ flags: "F.", ack: 0x2002 });
  w.sent();
  w.send({ flags: "S", seq: 0x1002, ack: 0 });
  assert.equal(w.sent(), []);
  w.send({ flags: ".", seq: 0x1002, ack: 0x2002 });
  assert.equal(w.sent(), [], "nor is an ACK that says nothing new answered");
  w.send({ flags: ".", seq: 0x1001, ack: 0x2002 });
  assert.equal(
    w.sent().map((s) => s.ack),
    [0x1002],
  );
});

test("prohibited and time exceeded end an attempt whose SYN they quote, and no other", () => {
  for (const [type, code, expected] of [
    [3, 2, "ECONNREFUSED"],
    [3, 3, "ECONNREFUSED"],
    [3, 9, "ECONNREFUSED"],
    [3, 10, "ECONNREFUSED"],
    [3, 13, "ECONNREFUSED"],
    [11, 0, "EHOSTUNREACH"],
    [3, 1, 0],
  ] as const) {
    const { w, syn } = active({});
    for (const shift of [-1, 1, 0]) {
      assert.is(errorOf(w), 0, `${type}/${code}`);
      const quoted = fromHex(syn.slice(0, 56));
      new DataView(quoted.buffer).setUint32(24, 0x2000 + shift);
      const bytes = new Uint8Array(8 + quoted.length);
      const view = new DataView(bytes.buffer);
      view.setUint16(0, (type << 8) | code);
      bytes.set(quoted, 8);
      view.setUint16(2, checksum(view, 0, bytes.length));
      w.receive(ipPacket({ source: R1, destination: U, payload: bytes }));
    }
    assert.is(errorOf(w), expected, `${type}/${code}`);
  }
});

test("with data unread close sends a FIN, and TCP_NOOPT sends no options at all", () => {
  const w = tcpWorld({}, { ...TCP_FREEBSD, ...ALL });
  w.listener.setsockopt("TCP_NOOPT", 1);
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_1460 });
  assert.is(w.sent()[0].tcpOptions, "");
  w.send({ flags: "." });
  w.send({ flags: "P.", data: "unread" });
  const so = w.listener.accept();
  if (typeof so === "string") throw new Error(so);
  w.sent();
  so.close();
  assert.equal(
    w.sent().map((s) => s.flags),
    ["F."],
  );
});

test.run();
