/** Loss recovery and the congestion window, segment by segment. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import type { Socket } from "../../../stack/socket.ts";
import type { TcpOptionsForStack } from "../../../stack/tcp/tcp.ts";
import { accepted } from "../../support/tcp-pair.ts";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";

const MSS = 1000;
const MSS_OPTION = "020403e8";

/** A connection with MSS 1000 and ten segments sent; `at(n)` is the nth one's sequence number. */
function ten(tcp: TcpOptionsForStack): {
  w: TcpWorld;
  so: Socket;
  at: (n: number) => number;
  ack: (upTo: number, ...sacked: [number, number][]) => number[];
} {
  const w = tcpWorld({}, { congestion: "reno", sendBuffer: 100_000, initialWindow: 10, ...tcp });
  const sackOk = tcp.sack ? "04020000" : "";
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: MSS_OPTION + sackOk });
  w.run(100 * MILLISECOND);
  w.send({ flags: "." });
  const so = accepted(w.listener.accept());
  w.sent();
  so.send(new Uint8Array(50_000));
  const at = (n: number): number => 0x2001 + n * MSS;
  assert.equal(
    w.sent().map((s) => s.seq),
    Array.from({ length: 10 }, (_, n) => at(n)),
  );
  const word = (n: number): string => n.toString(16).padStart(8, "0");
  return {
    w,
    so,
    at,
    ack(upTo, ...sacked) {
      const blocks = sacked.map(([from, to]) => word(at(from)) + word(at(to))).join("");
      const option = sacked.length
        ? `010105${(2 + 8 * sacked.length).toString(16).padStart(2, "0")}${blocks}`
        : "";
      w.send({ flags: ".", ack: at(upTo), tcpOptions: option });
      return w.sent().map((s) => (s.seq - 0x2001) / MSS);
    },
  };
}

const info = (so: Socket) => {
  const value = so.getsockopt("TCP_INFO");
  if (typeof value === "string") throw new Error(value);
  return value;
};

test("slow start opens the window by what is acknowledged, two segments an ACK at most", () => {
  const { so, ack } = ten({});
  assert.equal(ack(1), [10, 11]);
  assert.equal(ack(3), [12, 13, 14, 15]);
  assert.is(info(so).tcpi_snd_cwnd, 13_000);
});

test("NewReno: the third duplicate sends the lost segment again and halves the window", () => {
  const { so, ack } = ten({});
  assert.equal(ack(0), [10], "limited transmit");
  assert.equal(ack(0), [11], "limited transmit");
  assert.equal(ack(0), [0]);
  assert.is(info(so).tcpi_snd_ssthresh, 6000);
  for (let n = 4; n <= 6; n++) assert.equal(ack(0), []);
  // A partial ACK: the next hole at once; the end of it: back to the halved window.
  assert.equal(ack(4)[0], 4);
  ack(12);
  assert.equal([info(so).tcpi_ca_state, info(so).tcpi_snd_cwnd <= 6000], [0, true]);
});

test("SACK: what is lost is sent again, each octet once, before anything new", () => {
  const { w, so, ack } = ten({ sack: true });
  assert.equal(ack(0, [1, 2]), [10]);
  assert.equal(ack(0, [1, 3]), [11]);
  // Three segments above the hole: it is lost.
  assert.equal(ack(0, [1, 4]), [0]);
  assert.is(info(so).tcpi_ca_state, 3);
  assert.is(info(so).tcpi_snd_ssthresh, 6000);
  // Less than three segments above the next holes, and no room in the window: they wait.
  assert.equal(ack(0, [5, 6], [1, 4]), []);
  assert.equal(ack(0, [7, 9], [5, 6], [1, 4])[0], 4);
  assert.equal(ack(0, [7, 12], [5, 6], [1, 4])[0], 6);
  ack(12);
  assert.is(info(so).tcpi_ca_state, 0);
  assert.is(w.host.stats.retransmittedSegments, 3);
});

test("a time-out sends the first segment alone and slow start begins again", () => {
  const { w, so, ack } = ten({});
  w.run(SECOND);
  const again = w.sent();
  assert.equal(
    again.map((s) => (s.seq - 0x2001) / MSS),
    [0, 0],
  );
  assert.is(info(so).tcpi_snd_cwnd, MSS);
  assert.is(info(so).tcpi_snd_ssthresh, 5000);
  assert.equal(ack(1), [1, 2]);
});

test("duplicates of what was sent before a time-out do not send again", () => {
  const { w, ack } = ten({});
  w.run(400 * MILLISECOND);
  w.sent();
  for (let i = 0; i < 5; i++) assert.equal(ack(0), []);
});

test("after a time-out nothing is sent again that the peer says it holds (RFC 6675 5.1)", () => {
  const { w, ack } = ten({ sack: true });
  w.run(400 * MILLISECOND);
  assert.is(w.sent().length, 1);
  assert.equal(ack(1, [3, 6], [7, 8]), [1, 2]);
  // What is held lies in the peer's buffer, not in the network: the window is open for the holes.
  assert.equal(ack(2, [3, 6], [7, 8]), [6, 8]);
  assert.equal(ack(8), [9, 10, 11, 12]);
});

test("NewReno: duplicates caused by what was sent again for nothing start no recovery", () => {
  const { w, so, ack } = ten({});
  for (let i = 0; i < 3; i++) ack(0);
  const { fastRecoveries } = w.host.stats;
  // It was late, not lost: everything up to the recovery point is there.
  ack(12);
  for (let i = 0; i < 5; i++) assert.not(ack(12).includes(12));
  assert.is(info(so).tcpi_ca_state, 0);
  assert.is(w.host.stats.fastRecoveries, fastRecoveries);
  // The next segment beyond may be lost again.
  ack(13);
  const sent = [ack(13), ack(13), ack(13)].flat();
  assert.ok(sent.includes(13));
});

test("early segments are reported newest first, and a duplicate before all (RFC 2018, 2883)", () => {
  const w = tcpWorld({}, { sack: true });
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: `${MSS_1460}04020000` });
  w.send({ flags: "." });
  w.sent();
  const blocks = (at: number): string[] => {
    w.send({ flags: "P.", seq: 0x1001 + at, data: new Uint8Array(10) });
    const [{ tcpOptions }] = w.sent();
    return (tcpOptions.slice(8).match(/.{16}/g) ?? []).map((block) =>
      [0, 8].map((i) => Number.parseInt(block.slice(i, i + 8), 16) - 0x1001).join("-"),
    );
  };
  assert.equal(blocks(100), ["100-110"]);
  assert.equal(blocks(200), ["200-210", "100-110"]);
  assert.equal(blocks(110), ["100-120", "200-210"]);
  assert.equal(blocks(100), ["100-110", "100-120", "200-210"]);
});

test("after idleness the window is the initial one again", () => {
  const { w, so, ack } = ten({});
  ack(5);
  for (let n = 10; n <= 50; n += 5) ack(n);
  ack(50);
  assert.ok(info(so).tcpi_snd_cwnd > 20_000);
  w.run(30 * SECOND);
  so.send(new Uint8Array(50_000));
  assert.is(w.sent().length, 10);
});

test.run();
