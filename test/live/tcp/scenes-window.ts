/** Windows that shut and open again, and options that one of the two does not have. */
import * as assert from "node:assert/strict";
import { assertQuiet, assertWhole, fromLinux, toLinux } from "./exchange.ts";
import type { Stage } from "./scene.ts";

const BYTES = 1_000_000;

/** A reader that sleeps, on either side: the window shuts, is probed, and opens. */
export async function zeroWindow(stage: Stage): Promise<void> {
  const host = stage.lab.add({ name: "host", number: 2, seed: stage.seed });
  const slowLinux = { readPause: 2, receiveBuffer: 20_000 };
  assertWhole(await toLinux(stage, host, { send: BYTES }, slowLinux), BYTES, 0);
  const { persistProbes } = host.tcp.stats;
  assert.ok(persistProbes > 0, "we probe");
  const slowUs = { send: 0, readPause: 2000 };
  assertWhole(await fromLinux(stage, host, slowUs, { send: BYTES }), 0, BYTES);
  assert.ok(stage.lab.counter("TcpExtTCPWinProbe") > 0, "Linux probes");
  await assertQuiet(stage);
}

/** Every set of options that Linux can be told to leave out, both ways. */
export async function optionsOff(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed });
  for (let bits = 0; bits < 8; bits++) {
    const names = ["tcp_timestamps", "tcp_sack", "tcp_window_scaling"];
    const settings = names.map((name, i) => `net.ipv4.${name}=${(bits >> i) & 1}`);
    lab.namespaces.sysctl("linux", ...settings);
    assertWhole(await toLinux(stage, host, { send: BYTES }, { send: BYTES }), BYTES, BYTES);
    assertWhole(await fromLinux(stage, host, { send: BYTES }, { family: 6 }), BYTES, 0);
  }
  await assertQuiet(stage);
}

/** Cookies instead of half-open connections, ours and Linux's. */
export async function synCookies(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed, tcp: { synCookies: "always" } });
  lab.namespaces.sysctl("linux", "net.ipv4.tcp_syncookies=2");
  for (const family of [4, 6] as const) {
    const job = { family, send: BYTES };
    assertWhole(await fromLinux(stage, host, { send: BYTES }, job), BYTES, BYTES);
    assertWhole(await toLinux(stage, host, { send: BYTES }, job), BYTES, BYTES);
  }
  assert.equal(host.tcp.stats.synCookiesAccepted, 2);
  assert.ok(lab.counter("TcpExtSyncookiesRecv") >= 2, "Linux takes its cookies back");
  await assertQuiet(stage);
}

const MARKS = `
table netdev marks {
  chain in {
    type filter hook ingress device "DEVICE" priority 0; policy accept;
    ip ecn { ect0, ect1 } numgen random mod 100 < 5 ip ecn set ce counter
  }
}
`;

/** A twentieth of the packets marked instead of dropped: both sides slow down, none resends. */
export async function congestionMarks(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed, tcp: { ecn: "request" } });
  lab.namespaces.sysctl("linux", "net.ipv4.tcp_ecn=1");
  lab.namespaces.exec("us", "nft", ["-f", "-"], MARKS.replace("DEVICE", "us0"));
  lab.namespaces.exec("linux", "nft", ["-f", "-"], MARKS.replace("DEVICE", "lx0"));
  const congestion = "reno";
  assertWhole(await toLinux(stage, host, { send: BYTES }, { congestion }), BYTES, 0);
  assertWhole(await fromLinux(stage, host, { send: 0 }, { send: BYTES, congestion }), 0, BYTES);
  assert.ok(host.tcp.stats.ecnReductions > 0, "we slow down");
  assert.ok(lab.counter("TcpExtTCPDeliveredCE") > 0, "Linux hears our echo");
  assert.equal(host.tcp.stats.retransmittedSegments, 0);
  await assertQuiet(stage);
}
