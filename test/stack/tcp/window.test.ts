/** The window offered: what was promised stays promised (RFC 9293 section 3.8.6). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";

const SHIFT_0 = "01030300";
/** The peer's numbers begin here. */
const FIRST = 0x1001;

/** A connection whose every segment is acknowledged at once, and its peer's segments in turn. */
function connection(options: object, tcpOptions: string) {
  const w = tcpWorld({}, { delayedAck: 0, ...options });
  w.send({ flags: "S", seq: FIRST - 1, ack: 0, tcpOptions });
  const [synAck] = w.sent();
  w.send({ flags: "." });
  const so = w.listener.accept();
  if (typeof so === "string") throw new Error(so);
  return { w, so, promised: FIRST + synAck.window };
}

/** Sends `count` octets at `seq`; where the ACK's window ends, `unit` octets to one of its units. */
function edgeAfter(w: TcpWorld, seq: number, count: number, unit = 1): number {
  w.send({ flags: "P.", seq, data: new Uint8Array(count) });
  const [ack] = w.sent();
  assert.is(ack.ack, seq + count, "all of it is taken");
  return ack.ack + ack.window * unit;
}

test("the right edge stays where it was, little as is left, and with a smaller buffer", () => {
  const { w, so, promised } = connection({ receiveBuffer: 8192 }, MSS_1460);
  assert.is(promised, FIRST + 8192);
  let seq = FIRST;
  for (const count of [1460, 1460, 1460, 1460, 1460, 700, 100]) {
    assert.is(edgeAfter(w, seq, count), promised, `at ${seq - FIRST}`);
    seq += count;
  }
  const small = connection({ receiveBuffer: 8192 }, MSS_1460);
  small.so.setsockopt("SO_RCVBUF", 100);
  assert.is(edgeAfter(small.w, FIRST, 1000), small.promised);
  assert.is(edgeAfter(small.w, FIRST + 1000, 7192 - 1), small.promised);
  // Reading opens it again only as far as there is room.
  so.receive(new Uint8Array(8192));
  w.sent();
  assert.is(edgeAfter(w, seq, 8), seq + 8192);
});

test("octets that the window's unit cannot say were promised nevertheless, and are taken", () => {
  // 2 MiB of buffer at most: a shift of 6, which 1 octet less than the promise is no multiple of.
  const tcp = { receiveBuffer: 8000, windowScale: true };
  const { w, so, promised } = connection(tcp, MSS_1460 + SHIFT_0);
  so.setsockopt("SO_RCVBUF", 100);
  let seq = FIRST;
  for (const count of [1, 1, 1]) {
    const edge = edgeAfter(w, seq, count, 64);
    assert.ok(edge <= promised && edge > promised - 64, String(edge));
    seq += count;
  }
  while (seq < promised) {
    const count = Math.min(1460, promised - seq);
    edgeAfter(w, seq, count);
    seq += count;
  }
});

test.run();
