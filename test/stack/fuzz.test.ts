/**
 * Mutations of valid packets into a host with sockets open: no exception, no leaked buffer, bounded
 * memory. ANYPIN_RUNS sets how many; `npm run fuzz:stack` does a million.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../stack/clock.ts";
import type { KernelProfile } from "../../stack/config.ts";
import { In6Addr } from "../../stack/ip6/in6-addr.ts";
import type { StackStats } from "../../stack/stats.ts";
import { Tcp } from "../../stack/tcp/tcp.ts";
import { Udp } from "../../stack/udp/udp.ts";
import { fromHex, icmpEcho, ipPacket, udpSegment } from "../support/ip-packet.ts";
import { echo6, hex6, ip6Packet } from "../support/ip6-packet.ts";
import { mutate } from "../support/mutate.ts";
import { testRandom } from "../support/random.ts";
import { A, C, G, hexOf, R1, U, U2, worldW } from "../support/world-w.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 40_000);
const [A6, C6, U6] = ["2001:db8:a::9", "2001:db8:c::1", "2001:db8:100::7"];
const SYN = "9c40005000001000000000006002ffffed8a0000020405b4";
const DATA = "9c40005000001001000020015018ffff10b50000474554202f0d0a";
const PROFILES: readonly KernelProfile[] = ["engel", "linux", "bsd44", "freebsd"];

/** Packets that IP is done with: what transports threw away was delivered before. */
function ended(stats: StackStats): number {
  let dropped = 0;
  for (const [reason, count] of Object.entries(stats.drops)) {
    if (!/^(icmp|udp|tcp)/.test(reason)) dropped += count;
  }
  return stats.delivered + stats.forwarded + stats.fragmentsMerged + dropped;
}

/** What lies around on a network that source-routes, both versions of IP. */
function seeds(): Uint8Array[] {
  const udp = udpSegment(C, A, 4000, 53, new Uint8Array(40));
  const route = `01830704${hexOf(A)}`;
  const unreachable = [3, 1, 0, 0, 0, 0, 0, 0];
  const quoted = ipPacket({ source: U, destination: C, protocol: 17, payload: udp });
  const v6 = (next: number, payload: string | Uint8Array, destination = U6) =>
    ip6Packet({ source: C6, destination, next, payload });
  return [
    ipPacket({ source: C, destination: A, protocol: 6, payload: SYN }),
    ipPacket({ source: C, destination: U, options: route, protocol: 6, payload: DATA }),
    ipPacket({
      source: C,
      destination: A,
      options: `01830708${hexOf(R1)}`,
      protocol: 6,
      payload: SYN,
    }),
    ipPacket({ source: C, destination: U, options: `01830b04${hexOf(U2)}${hexOf(G)}` }),
    ipPacket({ source: C, destination: U, options: `01890704${hexOf(G)}` }),
    ipPacket({ source: C, destination: U, options: "070b04000000000000000044080500000000" }),
    ipPacket({ source: C, destination: A, protocol: 17, payload: udp }),
    ipPacket({
      source: C,
      destination: A,
      protocol: 17,
      payload: udp.slice(0, 24),
      fragment: 0x2000,
    }),
    ipPacket({ source: C, destination: A, protocol: 17, payload: udp.slice(24), fragment: 3 }),
    ipPacket({ source: C, destination: U, payload: Uint8Array.from([...unreachable, ...quoted]) }),
    ipPacket({ source: C, destination: U, payload: icmpEcho(13, 12) }),
    ipPacket({ source: "198.51.100.77", destination: "9.9.9.9" }),
    v6(58, echo6(C6, U6)),
    v6(6, SYN),
    v6(43, `060200010000000${"0"}${hex6(A6)}${SYN}`),
    v6(43, `0604040101000000${hex6(A6)}${hex6(U6)}${SYN}`),
    v6(60, `060102100000c910${hex6(A6)}${SYN}`),
    v6(0, `3a000502000001000${"0".repeat(16)}`),
    v6(44, `3a00000100000007${"80".repeat(16)}`),
    v6(44, `3a00001100000007${"80".repeat(16)}`),
    v6(58, echo6(C6, C6), "2001:db8:c::9"),
    fromHex("4500"),
  ];
}

test(`${RUNS} mutated packets leave the host whole`, () => {
  const random = testRandom(0x5eed);
  const all = seeds();
  const rounds = 8;
  let most = 0;
  for (let round = 0; round < rounds; round++) {
    const world = worldW({
      profile: PROFILES[round % 4],
      forwarding: round % 3 !== 0,
      pinRx: round % 2 === 0,
      pinTx: round % 3 === 0,
      twoPass: round === 5,
      rfc1883: round % 2 === 1,
      segmentRouting: round % 4 < 2,
      pinProtocols: [1, 6, 17],
      icmpRate: 1e9,
      icmpBurst: 1e9,
    });
    const { stack, pool, clock, if0, out0, out1 } = world;
    stack.addAddress(if0, In6Addr.parse(U6), 64);
    stack.addAddress(if0, In6Addr.parse(A6), 128, true);
    stack.addRoute({ prefix: In6Addr.parse("::"), prefixLength: 0, interface: "if0" });
    const tcp = new Tcp(stack);
    const listeners = [4, 6].map((family) => tcp.socket(family as 4 | 6));
    listeners[0].bind(0, 80);
    listeners[1].bind(In6Addr.parse("::"), 80);
    for (const so of listeners) so.listen(8);
    const datagrams = new Udp(stack).socket(4);
    datagrams.bind(0, 53);
    for (let i = 0; i < RUNS / rounds; i++) {
      world.receive(mutate(random.pick(all), random), random.below(2) ? if0 : world.if1);
      if (i % 64 === 0) clock.advance(clock.now() + random.below(2 * SECOND));
      if (i % 256 === 0) datagrams.receiveFrom(new Uint8Array(100));
      out0.packets.length = 0;
      out1.packets.length = 0;
      most = Math.max(most, pool.outstanding);
    }
    // Whatever waits for more goes when its time is over.
    clock.advance(clock.now() + 1000 * SECOND);
    datagrams.close();
    for (const so of listeners) so.close();
    clock.advance(clock.now() + 1000 * SECOND);
    assert.is(stack.stats.fragmentsHeld, 0);
    assert.is(stack.stats.ipReceived, ended(stack.stats), JSON.stringify(stack.stats));
    assert.is(pool.outstanding, 0, `profile ${PROFILES[round % 4]}`);
    assert.ok(stack.stats.delivered > 0);
  }
  // 1,024 fragments of either version and a full socket buffer, and little beyond.
  assert.ok(most < 4096, `${most} buffers at once`);
});

test.run();
