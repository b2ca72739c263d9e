/** RFC 1546: which SYN-ACKs of strangers a client takes for its own. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { rfc1546 } from "../../../replay/designs/rfc1546/rfc1546.ts";
import type { StackOptions } from "../../../stack/stack.ts";
import { ip } from "../../support/ip-packet.ts";
import { MSS_1460, tcpWorld } from "../../support/world-tcp.ts";
import { U } from "../../support/world-w.ts";

const SERVICE = "203.0.113.77";
const SERVER = "198.18.0.1";
const OTHER = "198.18.0.2";

/** A client whose SYN to the shared address is out, and what it sends next. */
function opening(options: Partial<StackOptions> = {}) {
  const w = tcpWorld(options);
  const { stack, host: tcp, out0: device } = w;
  const door = { receive: () => {} };
  const services = new Set([ip(SERVICE)]);
  rfc1546.changeClient?.({ stack, tcp, unicast: ip(U), services, door, device });
  const so = tcp.socket(4);
  so.connect(ip(SERVICE), 80);
  const [{ sport: dport }] = w.sent();
  const receive: typeof w.send = (fields) => w.send({ to: U, sport: 80, dport, ...fields });
  /** A SYN-ACK comes; what it draws, and to whom. */
  const answer = (fields: { from: string; sport?: number; ack?: number }) => {
    receive({ flags: "S.", seq: 0x5000, ack: 0x2001, tcpOptions: MSS_1460, ...fields });
    return w.sent().map(({ flags, to }) => `${flags} ${to}`);
  };
  return { w, so, answer, receive };
}

test("a SYN-ACK with the right port and acknowledgement is taken from any address, for good", () => {
  const { w, so, answer, receive } = opening();
  assert.equal(answer({ from: SERVER }), [`. ${SERVER}`]);
  assert.is(w.stack.stats.dropped("tcpNoPort"), 0);
  so.send(Buffer.from("x"));
  assert.equal(
    w.sent().map(({ to }) => to),
    [SERVER],
  );
  receive({ from: SERVER, flags: "P.", seq: 0x5001, ack: 0x2002, data: "hi" });
  assert.is(so.receive(new Uint8Array(9)), 2);
  w.sent();
  assert.equal(answer({ from: OTHER }), [`R ${OTHER}`], "the second server's comes late");
});

for (const [what, fields] of [
  ["another acknowledgement", { ack: 0x2002 }],
  ["another port", { sport: 81 }],
] as const) {
  test(`a stranger's SYN-ACK with ${what} is reset, and the right one still taken`, () => {
    const { answer } = opening();
    assert.equal(answer({ from: OTHER, ...fields }), [`R ${OTHER}`]);
    assert.equal(answer({ from: SERVER }), [`. ${SERVER}`]);
  });
}

test("a stock client resets whoever answers from another address", () => {
  const { answer } = opening({ client: "stock", profile: "linux" });
  assert.equal(answer({ from: SERVER }), [`R ${SERVER}`]);
});

test.run();
