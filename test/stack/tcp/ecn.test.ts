/** Explicit congestion notification (RFC 3168), and path MTU discovery over the wire. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import { testRandom } from "../../support/random.ts";
import { exchange } from "../../support/tcp-exchange.ts";
import { TcpPair } from "../../support/tcp-pair.ts";

const flagsOf = (m: Mbuf): number =>
  m.view.getUint8(m.off + 4 * (m.view.getUint8(m.off) & 15) + 13);
const ECE = 64;
const CWR = 128;

test("a mark is echoed until the sender says that it has slowed down, and nothing is lost", () => {
  const pair = new TcpPair({ client: { ecn: "request" } });
  const seen = { syn: 0, synAck: 0, capable: 0, echoes: 0, reductions: 0 };
  let marked = false;
  pair.toServer.tap = (m) => {
    const flags = flagsOf(m);
    if (flags & 2) seen.syn = flags & (ECE | CWR);
    else if (flags & CWR) seen.reductions++;
    if ((m.view.getUint8(m.off + 1) & 3) !== 2) return;
    seen.capable++;
    if (seen.capable !== 20 || marked) return;
    // The 20th segment meets a full router: marked, and the header's checksum made good.
    marked = true;
    const sum = m.view.getUint16(m.off + 10) - 1;
    m.bytes[m.off + 1] |= 3;
    m.view.setUint16(m.off + 10, sum < 0 ? 0xfffe : sum);
  };
  pair.toClient.tap = (m) => {
    const flags = flagsOf(m);
    if (flags & 2) seen.synAck = flags & (ECE | CWR);
    else if (flags & ECE) seen.echoes++;
  };
  const { result } = exchange(pair, testRandom(1).bytes(200_000), new Uint8Array(1));
  pair.settle(100 * SECOND);
  assert.ok(result.intact);
  assert.equal([seen.syn, seen.synAck, seen.reductions], [ECE | CWR, ECE, 1]);
  assert.ok(seen.echoes > 0 && seen.capable > 100);
  assert.equal([pair.client.stats.ecnReductions, pair.client.stats.retransmittedSegments], [1, 0]);
});

test("a host that does not want it answers without, and no packet says that it may be marked", () => {
  const pair = new TcpPair({ client: { ecn: "request" }, server: { ecn: "off" } });
  let capable = 0;
  pair.toServer.tap = (m) => {
    capable += m.view.getUint8(m.off + 1) & 3;
  };
  const { result } = exchange(pair, new Uint8Array(50_000), new Uint8Array(1));
  pair.settle(100 * SECOND);
  assert.ok(result.intact);
  assert.is(capable, 0);
});

test("to loopback and over a small MTU segments fit the path, none is cut up", () => {
  for (const mtu of [296, 576, 1280, 9000]) {
    const pair = new TcpPair({ mtu });
    const { result } = exchange(pair, testRandom(2).bytes(60_000), testRandom(3).bytes(60_000));
    let longest = 0;
    pair.toServer.tap = (m) => {
      longest = Math.max(longest, m.len);
    };
    pair.settle(100 * SECOND);
    assert.ok(result.intact, String(mtu));
    assert.is(longest, mtu);
    assert.is(pair.client.stack.stats.fragmented, 0);
  }
});

test("an interface whose MTU shrinks under a connection does not stop it", () => {
  const pair = new TcpPair();
  const { result } = exchange(pair, testRandom(2).bytes(300_000), new Uint8Array(1));
  pair.run(SECOND / 1000);
  pair.client.stack.interfaceNamed("if0").mtu = 600;
  pair.settle(100 * SECOND);
  assert.ok(result.intact);
});

test.run();
