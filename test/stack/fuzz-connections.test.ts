/**
 * Mutations of a peer's own segments, of IPv4 and IPv6, and of ICMP errors about the connections,
 * into a host with open connections: none is reset but by a RST at exactly the next sequence number
 * (RFC 5961 section 3.2). ANYPIN_RUNS sets how many.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Mbuf } from "../../stack/mbuf.ts";
import type { Socket } from "../../stack/socket.ts";
import { CLOSED } from "../../stack/tcp/state.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import { checksum, fold, sumBytes } from "../../stack/wire/checksum.ts";
import { headerLength, IPPROTO_ICMP, IPPROTO_TCP, protocol } from "../../stack/wire/ipv4.ts";
import { IPPROTO_ICMPV6 } from "../../stack/wire/ipv6.ts";
import { flags, sequence, sourcePort, TH_RST } from "../../stack/wire/tcp.ts";
import { mutate } from "../support/mutate.ts";
import { type TestRandom, testRandom } from "../support/random.ts";
import { drain, TcpPair } from "../support/tcp-pair.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 30_000);
const CONNECTIONS = 24;

/** An ICMP error about `quoted`, as a router on the way sends it, with a code for its type. */
function icmpError(quoted: Uint8Array, random: TestRandom): Uint8Array {
  const header = quoted[0] >>> 4 === 4 ? 20 : 40;
  const bytes = new Uint8Array(header + 8 + Math.min(quoted.length, 68));
  const view = new DataView(bytes.buffer);
  bytes.set(quoted.subarray(0, header));
  bytes.set(quoted.subarray(0, bytes.length - header - 8), header + 8);
  // Back to the host that sent what is quoted.
  if (header === 20) {
    bytes.copyWithin(16, 12, 16);
    bytes.set([10, 0, 0, 99], 12);
    view.setUint16(2, bytes.length);
    view.setUint16(6, 0);
    view.setUint8(9, IPPROTO_ICMP);
    view.setUint16(10, 0);
    view.setUint16(10, checksum(view, 0, 20));
    view.setUint32(20, (random.pick([3, 3, 11, 12]) << 24) | (random.below(16) << 16));
    view.setUint32(24, random.below(1500));
  } else {
    bytes.copyWithin(24, 8, 24);
    view.setUint16(4, bytes.length - 40);
    view.setUint8(6, IPPROTO_ICMPV6);
    view.setUint32(40, ((1 + random.below(4)) << 24) | (random.below(8) << 16));
    view.setUint32(44, random.below(1500));
  }
  mend(bytes);
  return bytes;
}

/** Connections that have sent data both ways, and every packet of both sides. */
function openConnections() {
  const pair = new TcpPair();
  const seeds: Uint8Array[] = [];
  const answers: Uint8Array[] = [];
  pair.toServer.tap = (m: Mbuf) => seeds.push(m.bytes.slice(m.off, m.off + m.len));
  pair.toClient.tap = (m: Mbuf) => answers.push(m.bytes.slice(m.off, m.off + m.len));
  const servers: Socket[] = [];
  for (const family of [4, 6] as const) pair.listen(80, (so) => servers.push(so), 128, family);
  const clients = Array.from({ length: CONNECTIONS }, (_, i) => pair.connect(80, i % 2 ? 6 : 4));
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
  // Something is in flight that an ICMP error can be about.
  for (const so of servers) so.send(new Uint8Array(60));
  pair.run(1e6);
  pair.toClient.tap = null;
  return { pair, seeds, answers, servers };
}

/** Where the transport header of this packet is, and its protocol; null when it has none. */
function transport(bytes: Uint8Array): { at: number; kind: number; length: number } | null {
  if (bytes.length < 48) return null;
  const view = new DataView(bytes.buffer);
  const v4 = bytes[0] >>> 4 === 4;
  const at = v4 ? headerLength(view, 0) : 40;
  const total = v4 ? view.getUint16(2) : 40 + view.getUint16(4);
  const length = Math.min(total, bytes.length) - at;
  return at < 20 || length < 8 ? null : { at, kind: v4 ? protocol(view, 0) : bytes[6], length };
}

/** Writes the checksum that the TCP segment or ICMP message ought to have, where there is one. */
function mend(bytes: Uint8Array): void {
  const found = transport(bytes);
  if (!found) return;
  const { at, kind, length } = found;
  const view = new DataView(bytes.buffer);
  const field = kind === IPPROTO_TCP ? at + 16 : at + 2;
  if (field + 2 > at + length) return;
  const [from, size] = bytes[0] >>> 4 === 4 ? [12, 8] : [8, 32];
  const pseudo = kind === IPPROTO_ICMP ? 0 : sumBytes(view, from, size) + kind + length;
  view.setUint16(field, 0);
  view.setUint16(field, fold(sumBytes(view, at, length, pseudo)));
}

/** Port and sequence number of the segment if it is a RST, else null. */
function resetIn(bytes: Uint8Array): { port: number; sequence: number } | null {
  const found = transport(bytes);
  if (found?.kind !== IPPROTO_TCP || found.length < 20) return null;
  const view = new DataView(bytes.buffer);
  const { at } = found;
  if ((flags(view, at) & TH_RST) === 0) return null;
  return { port: sourcePort(view, at), sequence: sequence(view, at) };
}

test(`${RUNS} mutated segments reset no connection but by the right number`, () => {
  const random = testRandom(0x5961);
  let resets = 0;
  for (let done = 0; done < RUNS; ) {
    const { pair, seeds, answers, servers } = openConnections();
    const { stack } = pair.server;
    const wire = stack.interfaceNamed("if0");
    const open = new Set(servers.map((so) => so.pcb as Tcb));
    const held = pair.pool.outstanding;
    for (let i = 0; i < 20_000 && open.size > CONNECTIONS / 2; i++, done++) {
      const about = random.below(5) === 0;
      const packet = mutate(
        about ? icmpError(random.pick(answers), random) : random.pick(seeds),
        random,
      );
      if (random.below(4) !== 0) mend(packet);
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
