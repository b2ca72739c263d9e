/** One connection between one of our hosts and Linux for a scene, both ends' tasks given. */
import * as assert from "node:assert/strict";
import { LINUX, LINUX6, type OurHost } from "./hosts.ts";
import { runTask, type Task } from "./our-end.ts";
import type { Job, Outcome } from "./peer.ts";
import type { Stage } from "./scene.ts";
import { acceptOne, connectToLinux } from "./transfers.ts";

export interface Ends {
  ours: Outcome;
  linux: Outcome;
}

/** We connect to Linux. */
export async function toLinux(
  { lab }: Stage,
  host: OurHost,
  ours: Task,
  job: Partial<Job> = {},
): Promise<Ends> {
  const family = job.family ?? 4;
  const address = family === 4 ? LINUX : LINUX6;
  const { port, outcome } = await lab.peer.listen({ address, ...job });
  const so = connectToLinux(host, family, port);
  const [own, linux] = await Promise.all([runTask(so, ours), outcome]);
  return { ours: own, linux };
}

/** Linux connects to us. */
export async function fromLinux(
  { lab }: Stage,
  host: OurHost,
  ours: Task,
  job: Partial<Job> = {},
): Promise<Ends> {
  const family = job.family ?? 4;
  const address = family === 4 ? host.address : host.address6;
  const { port, connection } = acceptOne(host, family);
  const linux = lab.peer.connect({ address, remotePort: port, ...job });
  const own = runTask(await connection, ours);
  return { ours: await own, linux: await linux };
}

/** Both ends closed without an error, and each has what the other sent: `up` and `down` bytes. */
export function assertWhole({ ours, linux }: Ends, up: number, down: number): void {
  assert.deepEqual([ours.error, linux.error], [null, null]);
  assert.deepEqual([linux.received, ours.received], [up, down]);
  assert.equal(linux.sha256Received, ours.sha256Sent);
  assert.equal(ours.sha256Received, linux.sha256Sent);
}

/** All is over on our side, and Linux has nothing open. */
export async function assertQuiet({ lab }: Stage): Promise<void> {
  assert.ok(await lab.quiet(20_000), "control blocks are left");
  assert.equal(lab.pool.outstanding, 0, "buffers are left");
  assert.deepEqual(lab.openConnections(), []);
}
