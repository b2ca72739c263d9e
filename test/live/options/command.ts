/**
 * Profile `linux` against the kernel that runs this: `npm run kernel:options -- [--seed N]
 * [--layouts N]`. As root on Linux it builds the host of the recordings in network namespaces,
 * sends it seeded random option layouts and compares what becomes of each. Status 1 on a
 * difference; where it cannot run it says so and ends with 0.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { release } from "node:os";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Judge } from "../../../ipopts/profiles/judge.ts";
import { linux } from "../../../ipopts/profiles/linux.ts";
import { worldFromJson } from "../../../ipopts/profiles/world-json.ts";
import { differs, type Outcome } from "../../support/kernel-outcome.ts";
import { toHex, viewOfBytes } from "../../support/options.ts";
import { announceSkip, projectPath } from "../../support/project.ts";
import { testRandom } from "../../support/random.ts";
import { LINUX_HOST } from "../../support/worlds.ts";
import { buildHost, HostError, type LinuxHost, MAC_HOST } from "./host.ts";
import { type Layout, layout } from "./layouts.ts";

/** Packets between two sets of marks; below the marks' own identifications. */
const BATCH = 2000;
const SHOWN = 20;

/** Why the comparison cannot run here, or null. */
function whyNot(): string | null {
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "it needs root";
  if (Number.parseInt(release(), 10) < 6) return `the profile is of Linux 6, this is ${release()}`;
  for (const [command, flag] of [
    ["ip", "-V"],
    ["sysctl", "--version"],
    ["python3", "--version"],
  ]) {
    if (spawnSync(command, [flag]).status !== 0) return `${command} is missing`;
  }
  return null;
}

function frame(layouts: readonly Layout[]): Buffer {
  const parts = [Buffer.alloc(4)];
  parts[0].writeUInt32BE(layouts.length);
  for (const { packet } of layouts) {
    const head = Buffer.alloc(2);
    head.writeUInt16BE(packet.length);
    parts.push(head, Buffer.from(packet));
  }
  return Buffer.concat(parts);
}

/** What nobody could see: delivery of a fragment, or of a protocol without a listener. */
const unseen = (layout: Layout, action: string): boolean =>
  !layout.observable && action === "accept";

interface Tally {
  layouts: number;
  differences: number;
  actions: Record<string, number>;
}

async function compare(child: ChildProcess, seed: number, wanted: number): Promise<Tally> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new HostError("python3 has no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new HostError("the sender ended early");
    return line.value;
  };
  await next();
  const random = testRandom(seed);
  const cipso = existsSync("/proc/sys/net/ipv4/cipso_cache_enable");
  const now = new Judge(worldFromJson(LINUX_HOST));
  const later = new Judge(worldFromJson({ ...LINUX_HOST, time: 0x7fffffff }));
  const tally: Tally = { layouts: 0, differences: 0, actions: {} };
  while (tally.layouts < wanted) {
    const count = Math.min(BATCH, wanted - tally.layouts);
    const batch = Array.from({ length: count }, (_, i) => layout(random, i + 1, cipso));
    stdin.write(frame(batch));
    const seen = JSON.parse(await next()) as Record<string, Outcome[]>;
    batch.forEach((sent, i) => {
      const view = viewOfBytes(sent.packet);
      const verdict = now.judge(linux, view, 0, sent.packet.length);
      const again = later.judge(linux, view, 0, sent.packet.length);
      tally.actions[verdict.action] = (tally.actions[verdict.action] ?? 0) + 1;
      const result = seen[i + 1] ?? [];
      if (unseen(sent, verdict.action) && result.length === 0) return;
      const difference = differs(verdict, again, result);
      if (difference === null) return;
      tally.differences++;
      if (tally.differences > SHOWN) return;
      process.stdout.write(`layout ${tally.layouts + i}: ${toHex(sent.packet)}\n  ${difference}\n`);
    });
    tally.layouts += count;
  }
  return tally;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      layouts: { type: "string", default: "20000" },
    },
  });
  const why = whyNot();
  if (why !== null) {
    announceSkip("kernel:options", why);
    return 0;
  }
  let host: LinuxHost;
  try {
    host = buildHost(`anypin-options-${process.pid}`);
  } catch (error) {
    announceSkip("kernel:options", error instanceof Error ? error.message : String(error));
    return 0;
  }
  const script = projectPath("test/live/options/wire.py");
  const child = spawn("python3", [script, host.wire, host.host, MAC_HOST], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const began = process.hrtime.bigint();
    const tally = await compare(child, Number(values.seed), Number(values.layouts));
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const actions = Object.entries(tally.actions).map(([action, count]) => `${action} ${count}`);
    process.stdout.write(
      `${tally.layouts} layouts, seed ${values.seed}, Linux ${release()}: ${tally.differences} differences (${actions.join(", ")}; ${seconds.toFixed(1)} s)\n`,
    );
    return tally.differences === 0 ? 0 : 1;
  } finally {
    child.kill();
    host.close();
  }
}

process.exitCode = await main();
