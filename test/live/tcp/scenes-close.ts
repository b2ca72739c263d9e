/** Ways to begin and to end a connection. */
import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { ip } from "../../support/ip-packet.ts";
import { assertQuiet, assertWhole, fromLinux, toLinux } from "./exchange.ts";
import { LINUX } from "./hosts.ts";
import { runTask } from "./our-end.ts";
import { type Stage, until } from "./scene.ts";
import { acceptOne, connectToLinux } from "./transfers.ts";

const BYTES = 500_000;

/** One side has ended its half and still gets all that the other sends. */
export async function halfClose(stage: Stage): Promise<void> {
  const host = stage.lab.add({ name: "host", number: 2, seed: stage.seed });
  const half = { send: BYTES, half: true };
  assertWhole(await toLinux(stage, host, half, { send: 1000 }), BYTES, 1000);
  assertWhole(await toLinux(stage, host, { send: 1000 }, half), 1000, BYTES);
  assertWhole(await fromLinux(stage, host, half, { send: 1000 }), BYTES, 1000);
  assertWhole(await fromLinux(stage, host, { send: 1000 }, half), 1000, BYTES);
  await assertQuiet(stage);
}

/** SO_LINGER with 0 seconds in the middle of a transfer: the other side hears ECONNRESET. */
export async function abort(stage: Stage): Promise<void> {
  const host = stage.lab.add({ name: "host", number: 2, seed: stage.seed });
  const byLinux = await toLinux(stage, host, { send: 5_000_000 }, { abortAfter: 10_000 });
  assert.equal(byLinux.ours.error, "ECONNRESET");
  // With our end of the stream sent before it would be EPIPE.
  const byUs = await fromLinux(
    stage,
    host,
    { send: 0, stay: true, abortAfter: 10_000 },
    { send: 5_000_000 },
  );
  assert.equal(byUs.linux.error, "ECONNRESET");
  await assertQuiet(stage);
}

/** Nobody listens. */
export async function refused(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed });
  for (const family of [4, 6] as const) {
    const ours = await runTask(connectToLinux(host, family, 9), { send: 1 });
    assert.equal(ours.error, "ECONNREFUSED");
    const address = family === 4 ? host.address : host.address6;
    const linux = await lab.peer.connect({ family, address, remotePort: 9 });
    assert.equal(linux.error, "ECONNREFUSED");
  }
  await assertQuiet(stage);
}

/** SYNs that cross: one connection, without a listener. */
export async function simultaneousOpen(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed });
  lab.wire.held = true;
  const linux = lab.peer.connect({
    address: host.address,
    remotePort: 7001,
    local: LINUX,
    port: 7002,
    send: BYTES,
  });
  await until(() => lab.wire.heldBack > 0);
  const so = host.tcp.socket(4);
  assert.equal(so.bind(ip(host.address), 7001), 0);
  assert.equal(so.connect(ip(LINUX), 7002), "EINPROGRESS");
  const ours = runTask(so, { send: BYTES });
  await sleep(20);
  lab.wire.release();
  assertWhole({ ours: await ours, linux: await linux }, BYTES, BYTES);
  await assertQuiet(stage);
  const packets = await stage.seen();
  assert.deepEqual(
    packets.slice(0, 4).map(({ what }) => what),
    ["S", "S", "S.", "S."],
  );
}

/** FINs that cross: both sides go through CLOSING. */
export async function simultaneousClose(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed });
  const { port, connection } = acceptOne(host, 4);
  const linux = lab.peer.connect({
    address: host.address,
    remotePort: port,
    sendPause: 0.2,
    send: 1,
  });
  const so = await connection;
  await until(() => host.tcp.stats.bytesIn === 1);
  lab.wire.held = true;
  await until(() => lab.wire.heldBack > 0);
  const closed = runTask(so, { send: 0 });
  await sleep(20);
  lab.wire.release();
  const ours = await closed;
  assert.deepEqual([ours.error, (await linux).error], [null, null]);
  await assertQuiet(stage);
  const fins = (await stage.seen()).filter(({ what }) => what.includes("F"));
  assert.equal(fins.length, 2);
}

/** A port used again while we are in TIME-WAIT for it: the new SYN is beyond the old numbers. */
export async function timeWaitReuse(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed });
  const { port, connection } = acceptOne(host, 4);
  const job = { address: host.address, remotePort: port, local: LINUX, port: 7003, send: BYTES };
  const first = lab.peer.connect({ ...job, last: true });
  const ours = await runTask(await connection, { send: BYTES });
  assertWhole({ ours, linux: await first }, BYTES, BYTES);
  // Linux uses a port again when its own end is gone, which our last acknowledgement tells it.
  await until(() => lab.openConnections().length === 0);
  const again = acceptOne(host, 4, port);
  const second = lab.peer.connect({ ...job, last: true });
  const oursAgain = await runTask(await again.connection, { send: BYTES });
  assertWhole({ ours: oursAgain, linux: await second }, BYTES, BYTES);
  assert.equal(host.tcp.stats.timeWaitReused, 1);
  await assertQuiet(stage);
}

/** Three hundred connections at once. */
export async function crowd(stage: Stage): Promise<void> {
  const host = stage.lab.add({ name: "host", number: 2, seed: stage.seed });
  const jobs = Array.from({ length: 150 }, (_, i) => [
    fromLinux(stage, host, { send: 1000 + i }, { send: 3000 }),
    toLinux(stage, host, { send: 1000 + i }, { send: 3000 }),
  ]);
  const all = await Promise.all(jobs.flat());
  all.forEach((ends, i) => {
    assertWhole(ends, 1000 + (i >> 1), 3000);
  });
  await assertQuiet(stage);
}
