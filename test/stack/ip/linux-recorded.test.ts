/**
 * The whole stack, not its tables alone, beside what a live Linux 6.18 did with 1,500 packets: what
 * its socket got, what left by which interface, and the bytes of its ICMP errors.
 */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MbufPool } from "../../../stack/mbuf.ts";
import { Stack } from "../../../stack/stack.ts";
import { TimerWheel } from "../../../stack/timer-wheel.ts";
import { Udp } from "../../../stack/udp/udp.ts";
import { fromHex, ip, toHex } from "../../support/ip-packet.ts";
import { haveShared, sharedPath } from "../../support/project.ts";
import { testRandom } from "../../support/random.ts";
import { Tap } from "../../support/world-w.ts";

const RECORDED = "kernel/linux-6.18-options.jsonl";

interface Outcome {
  kind: "delivered" | "sent" | "icmp";
  dst?: string;
  recvopts?: string;
  port?: string;
  packet?: string;
}

/** The host of the recording. */
function recordedHost() {
  const pool = new MbufPool();
  const clock = new TimerWheel();
  const taps = { vB: new Tap(), vD: new Tap() };
  const stack = new Stack({
    name: "recorded",
    clock,
    random: testRandom(1),
    pool,
    profile: "linux",
    forwarding: true,
    sendRedirects: false,
    icmpRate: 1e9,
    icmpBurst: 1e9,
    interfaces: [
      { name: "vB", device: taps.vB, addresses: [{ address: ip("10.9.0.2"), prefixLength: 24 }] },
      { name: "vD", device: taps.vD, addresses: [{ address: ip("10.10.0.2"), prefixLength: 24 }] },
    ],
    routes: [{ prefix: ip("10.20.0.0"), prefixLength: 16, gateway: ip("10.10.0.1") }],
  });
  stack.addAddress(stack.loopback, ip("10.77.0.3"), 32);
  const so = new Udp(stack).socket(4);
  so.bind(0, 9);
  return { pool, clock, taps, stack, so };
}

/** Fields that depend on the moment: identification, and the checksum over it. */
const timeless = (packet: string): string =>
  `${packet.slice(0, 8)}....${packet.slice(12, 20)}....${packet.slice(24)}`;

const isToMany = (packet: string): boolean => Number.parseInt(packet.slice(32, 34), 16) >= 0xe0;

/** Option 68 holds the recording host's clock; only how much of it there is can be compared. */
const stamped = (options: string): boolean => options.includes("44");

test("1,500 packets end as they ended on a live Linux host", () => {
  if (!haveShared(RECORDED, "the stack beside a recorded Linux")) return;
  const counts = { delivered: 0, sent: 0, icmp: 0, silent: 0 };
  for (const line of readFileSync(sharedPath(RECORDED), "utf8").trim().split("\n")) {
    const { packet, options, result } = JSON.parse(line);
    const { pool, clock, taps, stack, so } = recordedHost();
    const m = pool.from(fromHex(packet));
    if (!m) throw new Error("no buffer");
    stack.input(m, stack.interfaceNamed("vB"));
    clock.advance(clock.now());
    const expected: Outcome[] = result;
    const got = so.receiveFrom(new Uint8Array(2000));
    const left = [...taps.vB.take().map((p) => ["vB", p]), ...taps.vD.take().map((p) => ["vD", p])];
    const delivered = expected.filter(({ kind }) => kind === "delivered");
    assert.is(typeof got === "string" ? 0 : 1, delivered.length, options);
    if (typeof got !== "string") {
      assert.is(got.destination, ip(delivered[0].dst ?? ""), options);
      const seen = toHex(got.options);
      if (stamped(options)) assert.is(seen.length, delivered[0].recvopts?.length, options);
      else assert.is(seen, delivered[0].recvopts, options);
      counts.delivered++;
    }
    // A reversed route may begin at a group or at everybody: this stack does not answer those.
    const others = expected.filter((o) => o.kind !== "delivered" && !isToMany(o.packet ?? ""));
    assert.is(left.length, others.length, options);
    for (const [i, { kind, port, packet: wanted = "" }] of others.entries()) {
      const [by, sent] = left[i];
      if (kind === "sent") {
        assert.is(by, port, options);
        if (stamped(options)) assert.is(sent.length, wanted.length, options);
        else assert.is(timeless(sent), timeless(wanted), options);
        counts.sent++;
        continue;
      }
      counts.icmp++;
      const body = (bytes: string): string => bytes.slice(8 * Number.parseInt(bytes[1], 16));
      // Type, code and pointer; the rest where no clock is quoted.
      const told = (bytes: string): string => body(bytes).slice(0, 4) + body(bytes).slice(8, 16);
      assert.is(told(sent), told(wanted), options);
      if (stamped(options)) continue;
      assert.is(body(sent), body(wanted), `${options}: the quote`);
      // Linux echoes records and labels in errors as well; this stack reverses the route alone.
      if (wanted.startsWith("45")) assert.is(timeless(sent), timeless(wanted), options);
    }
    if (expected.length === 0) counts.silent++;
    assert.is(pool.outstanding, 0);
  }
  for (const count of Object.values(counts)) assert.ok(count > 50, JSON.stringify(counts));
});

test.run();
