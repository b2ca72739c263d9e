/**
 * Source routes and the anycast pin with Linux at the other end: as a client that routes by source
 * itself, as the stock client of the specification's sections 0 and 5.6, and as a passive peer.
 */
import * as assert from "node:assert/strict";
import type { Socket } from "../../../stack/socket.ts";
import { ip } from "../../support/ip-packet.ts";
import { LINUX, type OurHost } from "./hosts.ts";
import { runTask } from "./our-end.ts";
import type { Job, Outcome } from "./peer.ts";
import { type Seen, type Stage, until } from "./scene.ts";
import { acceptOne } from "./transfers.ts";

const A = "203.0.113.9";
const BYTES = 300_000;

const hex = (address: string): string => ip(address).toString(16).padStart(8, "0");
const lsrr = (pointer: number, ...hops: string[]): string =>
  `83${(3 + 4 * hops.length).toString(16).padStart(2, "0")}${pointer.toString(16).padStart(2, "0")}${hops.map(hex).join("")}`;
/** What our hosts pin with: one traversed hop. */
const pinned = (by: OurHost): string => `01${lsrr(8, by.address)}`;
/** A route to `A` that a packet has before it, as Linux writes it: the option, then padding. */
const routed = `${lsrr(4, A)}00`;

/** Two hosts with the anycast address, the patch in both paths; packets to it reach the first. */
function anycastPair({ lab, seed }: Stage): [OurHost, OurHost] {
  const stack = { pinTx: true, pinRx: true };
  const add = (number: number): OurHost =>
    lab.add({ name: `server ${number - 20}`, number, seed, anycast: A, stack });
  const pair: [OurHost, OurHost] = [add(21), add(22)];
  lab.routeTo(A);
  lab.attach(A, pair[0]);
  return pair;
}

/** Has Linux accept packets at the end of a source route, as it does not by default. */
function acceptSourceRoutes({ lab }: Stage): void {
  for (const device of ["all", "lx0"]) {
    lab.namespaces.sysctl("linux", `net.ipv4.conf.${device}.accept_source_route=1`);
  }
}

/**
 * Linux sends `BYTES` slowly and gets as many back from whoever has the anycast address; when a
 * third is there the address moves to the other host.
 */
async function throughShift(
  { lab }: Stage,
  [first, second]: [OurHost, OurHost],
  more: Partial<Job>,
): Promise<{ so: Socket; ours: Promise<Outcome>; linux: Promise<Outcome> }> {
  const { port, connection } = acceptOne(first, 4);
  const linux = lab.peer.connect({
    address: A,
    remotePort: port,
    send: BYTES,
    chunk: 10_000,
    sendPause: 0.02,
    ...more,
  });
  const so = await connection;
  const ours = runTask(so, { send: BYTES, half: true });
  await until(() => first.tcp.stats.bytesIn > BYTES / 3);
  lab.attach(A, second);
  return { so, ours, linux };
}

const ofTcp = (packets: Seen[]): Seen[] => packets.filter(({ protocol }) => protocol === 6);
const kinds = (packets: Seen[], from: string): string[] => [
  ...new Set(packets.filter((p) => p.from === from).map((p) => `${p.to} ${p.options}`)),
];

/** Linux with IP_OPTIONS: every packet both ways goes by the host that was chosen. */
export async function sourceRoutingClient(stage: Stage): Promise<void> {
  acceptSourceRoutes(stage);
  const hosts = anycastPair(stage);
  const [first, second] = hosts;
  // Linux takes the first address for the first hop and appends the destination itself.
  const run = await throughShift(stage, hosts, { ipOptions: lsrr(4, first.address) });
  const [ours, linux] = await Promise.all([run.ours, run.linux]);
  assert.deepEqual([ours.error, linux.error], [null, null]);
  assert.equal(linux.received, BYTES);
  assert.equal(linux.sha256Received, ours.sha256Sent);
  assert.equal(ours.sha256Received, linux.sha256Sent);
  const packets = ofTcp(await stage.seen());
  assert.deepEqual(kinds(packets, LINUX), [`${first.address} ${routed}`]);
  assert.deepEqual(kinds(packets, A), [`${LINUX} ${pinned(first)}`]);
  assert.ok(
    packets.every(({ what }) => !what.includes("R")),
    "no resets",
  );
  assert.equal(second.tcp.stats.segmentsIn, 0);
}

/** The stock client as it comes: the SYN-ACK with a route is dropped without a word. */
export async function stockClient(stage: Stage): Promise<void> {
  const [first] = anycastPair(stage);
  const { port } = acceptOne(first, 4);
  const linux = await stage.lab.peer.connect({ address: A, remotePort: port, synRetries: 2 });
  assert.equal(linux.error, "ETIMEDOUT");
  const packets = await stage.seen();
  const sent = packets.filter(({ from }) => from === LINUX);
  assert.ok(sent.length >= 3, "the SYN is sent again");
  const unlike = sent.filter((p) => `${p.what} ${p.to} ${p.options}` !== `S ${A} `);
  assert.deepEqual(unlike, [], "SYNs and nothing else: no RST, no ICMP");
  const answers = packets.filter(({ from }) => from === A);
  assert.ok(answers.length >= sent.length);
  assert.ok(answers.every((p) => p.what === "S." && p.options === pinned(first)));
}

/** The stock client told to accept routes: it connects, sends by none, and loses by the shift. */
export async function acceptingClient(stage: Stage): Promise<void> {
  acceptSourceRoutes(stage);
  const hosts = anycastPair(stage);
  const run = await throughShift(stage, hosts, {});
  const linux = await run.linux;
  run.so.close();
  assert.equal(linux.error, "ECONNRESET");
  assert.equal(linux.received, 0);
  const packets = ofTcp(await stage.seen());
  const [own, resets] = [false, true].map((reset) =>
    packets.filter(({ what }) => what.includes("R") === reset),
  );
  assert.deepEqual(kinds(own, LINUX), [`${A} `], "unpinned");
  // Before the shift the first host pins; after it the second resets, pinned as well.
  assert.deepEqual(
    kinds(packets, A),
    hosts.map((host) => `${LINUX} ${pinned(host)}`),
  );
  const fromUs = resets.filter(({ from }) => from === A);
  assert.ok(fromUs.length > 0 && fromUs.every((p) => p.options === pinned(hosts[1])));
}

/** Our server as it opens a connection itself: Linux, passive, has to take the route (case 79). */
export async function passivePeer(stage: Stage): Promise<void> {
  acceptSourceRoutes(stage);
  const [first, second] = anycastPair(stage);
  stage.lab.attach(A, second);
  const { port, outcome } = await stage.lab.peer.listen({ address: LINUX, send: BYTES });
  const so = first.tcp.socket(4);
  assert.equal(so.bind(ip(A), 20), 0);
  assert.equal(so.connect(ip(LINUX), port), "EINPROGRESS");
  const [ours, linux] = await Promise.all([runTask(so, { send: BYTES }), outcome]);
  assert.deepEqual([ours.error, linux.error], [null, null]);
  assert.equal(linux.sha256Received, ours.sha256Sent);
  assert.equal(ours.sha256Received, linux.sha256Sent);
  const packets = ofTcp(await stage.seen());
  assert.deepEqual(kinds(packets, A), [`${LINUX} ${pinned(first)}`]);
  assert.deepEqual(kinds(packets, LINUX), [`${first.address} ${routed}`]);
}
