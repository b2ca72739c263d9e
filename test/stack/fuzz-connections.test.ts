/**
 * Mutations of a peer's own segments into a host with open connections: none is reset but by a RST
 * at exactly the next sequence number (RFC 5961 section 3.2). ANYPIN_RUNS sets how many.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Socket } from "../../stack/socket.ts";
import { CLOSED } from "../../stack/tcp/state.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import { fold, pseudoHeaderV4, sumBytes } from "../../stack/wire/checksum.ts";
import { headerLength, protocol } from "../../stack/wire/ipv4.ts";
import { flags, sequence, sourcePort, TH_RST } from "../../stack/wire/tcp.ts";
import { mutate } from "../support/mutate.ts";
import { testRandom } from "../support/random.ts";
import { drain, TcpPair } from "../support/tcp-pair.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 30_000);
const CONNECTIONS = 24;

/** Connections that have sent data both ways, and every packet their client sent. */
function openConnections() {
  const pair = new TcpPair();
  const seeds: Uint8Array[] = [];
  pair.toServer.tap = (m: Mbuf) => seeds.push(m.bytes.slice(m.off, m.off + m.len));
  const servers: Socket[] = [];
  pair.listen(80, (so) => servers.push(so));
  const clients = Array.from({ length: CONNECTIONS }, () => pair.connect(80));
  pair.settle(1e9);
  for (let round = 0; round < 3; round++) {
    for (const so of clients) so.send(new Uint8Array(100 * (round + 1)));
    pair.run(5e7);
    for (const so of servers) {
      drain(so);
      so.send(new Uint8Array(60));
    }
    pair.run(5e7);
  }
  pair.settle(1e9);
  assert.is(servers.length, CONNECTIONS);
  // From here on only mutations speak to the server, and nobody listens.
  pair.toClient.to = null;
  return { pair, seeds, servers };
}

/** Writes the checksum that a TCP segment of this IPv4 packet ought to have, where there is one. */
function mendTcp(bytes: Uint8Array): void {
  if (bytes.length < 40 || bytes[0] >>> 4 !== 4) return;
  const view = new DataView(bytes.buffer);
  const at = headerLength(view, 0);
  const length = Math.min(view.getUint16(2), bytes.length) - at;
  if (at < 20 || length < 20 || protocol(view, 0) !== 6) return;
  view.setUint16(at + 16, 0);
  const pseudo = pseudoHeaderV4(view.getUint32(12), view.getUint32(16), 6, length);
  view.setUint16(at + 16, fold(sumBytes(view, at, length, pseudo)));
}

/** Port and sequence number of the segment if it is a RST, else null. */
function resetIn(bytes: Uint8Array): { port: number; sequence: number } | null {
  if (bytes.length < 40) return null;
  const view = new DataView(bytes.buffer);
  const at = headerLength(view, 0);
  if (bytes.length < at + 20 || (flags(view, at) & TH_RST) === 0) return null;
  return { port: sourcePort(view, at), sequence: sequence(view, at) };
}

test(`${RUNS} mutated segments reset no connection but by the right number`, () => {
  const random = testRandom(0x5961);
  let resets = 0;
  for (let done = 0; done < RUNS; ) {
    const { pair, seeds, servers } = openConnections();
    const { stack } = pair.server;
    const wire = stack.interfaceNamed("if0");
    const open = new Set(servers.map((so) => so.pcb as Tcb));
    const held = pair.pool.outstanding;
    for (let i = 0; i < 20_000 && open.size > CONNECTIONS / 2; i++, done++) {
      const packet = mutate(random.pick(seeds), random);
      if (random.below(4) !== 0) mendTcp(packet);
      const reset = resetIn(packet);
      const expected = new Map([...open].map((tcb) => [tcb, tcb.rcvNxt >>> 0]));
      const m = pair.pool.from(packet);
      if (m) stack.input(m, wire);
      for (const tcb of open) {
        if (tcb.state !== CLOSED) continue;
        open.delete(tcb);
        resets++;
        const right = reset?.port === tcb.remotePort && reset.sequence === expected.get(tcb);
        assert.ok(right, `a connection died of ${Buffer.from(packet).toString("hex")}`);
      }
      // Answers are on their way to nobody: let them arrive.
      if (i % 256 === 0) pair.run(1e6);
    }
    pair.run(1e6);
    assert.ok(pair.pool.outstanding - held < 64 * CONNECTIONS, "buffers stay bounded");
    for (const so of servers) so.close();
    pair.run(3600e9);
    stack.reassembly.clear();
    pair.settle(3600e9);
    assert.is(pair.pool.outstanding, 0);
  }
  assert.ok(resets > 0, "some mutation did hit the right number");
});

test.run();
