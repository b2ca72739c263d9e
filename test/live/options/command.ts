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
import { quad } from "../../support/judged.ts";
import { differs, type Outcome } from "../../support/kernel-outcome.ts";
import { toHex, viewOfBytes } from "../../support/options.ts";
import { announceSkip, projectPath } from "../../support/project.ts";
import { type TestRandom, testRandom } from "../../support/random.ts";
import { buildHost, HostError, MAC_HOST } from "./host.ts";
import { HOSTS, type LiveHost, worldOf } from "./hosts.ts";
import { type Layout, layout, type Target } from "./layouts.ts";

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

/** Sends `wanted` layouts through `child` and tells what came of each from what `world` says. */
async function compare(
  child: ChildProcess,
  world: unknown,
  random: TestRandom,
  wanted: number,
): Promise<Tally> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new HostError("python3 has no pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  // A sender that is gone shows as the end of its lines.
  stdin.on("error", () => {});
  if ((await lines.next()).done) throw new HostError("the sender could not open its sockets");
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new Error("the sender ended before its answers");
    return line.value;
  };
  const host = worldFromJson(world);
  const target: Target = {
    cipso: existsSync("/proc/sys/net/ipv4/cipso_cache_enable"),
    reaches: (address) => host.isOwn(quad(address)) || host.lookup(quad(address)) !== null,
  };
  const now = new Judge(host);
  const later = new Judge(worldFromJson({ ...Object(world), time: 0x7fffffff }));
  const tally: Tally = { layouts: 0, differences: 0, actions: {} };
  while (tally.layouts < wanted) {
    const count = Math.min(BATCH, wanted - tally.layouts);
    const batch = Array.from({ length: count }, (_, i) => layout(random, i + 1, target));
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

/** Builds one host, compares, takes it down; how many differences there were. */
async function run(name: string, live: LiveHost, seed: number, layouts: number): Promise<number> {
  const host = buildHost(`anypin-options-${process.pid}`, live);
  const own = live.interfaces.flatMap(({ addresses }) =>
    addresses.map((text) => text.split("/")[0]),
  );
  const setup = { ...host, mac: MAC_HOST, own, forwarding: live.forwarding };
  const script = projectPath("test/live/options/wire.py");
  const child = spawn("python3", [script, JSON.stringify(setup)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const began = process.hrtime.bigint();
    const tally = await compare(child, worldOf(live), testRandom(seed), layouts);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const actions = Object.entries(tally.actions).map(([action, count]) => `${action} ${count}`);
    process.stdout.write(
      `host ${name}: ${tally.layouts} layouts, seed ${seed}, Linux ${release()}: ${tally.differences} differences (${actions.join(", ")}; ${seconds.toFixed(1)} s)\n`,
    );
    return tally.differences;
  } finally {
    child.kill();
    host.close();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      layouts: { type: "string", default: "20000" },
    },
  });
  const seed = Number(values.seed);
  const layouts = Number(values.layouts);
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(layouts) || layouts < 1) {
    process.stderr.write("usage: npm run kernel:options -- [--seed N] [--layouts N]\n");
    return 2;
  }
  const why = whyNot();
  if (why !== null) {
    announceSkip("kernel:options", why);
    return 0;
  }
  let wrong = 0;
  for (const [name, live] of Object.entries(HOSTS)) {
    try {
      // The recorded host is the one that counts; the others show that it is no special case.
      wrong += await run(name, live, seed, name === "recorded" ? layouts : layouts / 4);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (error instanceof HostError) announceSkip(`kernel:options on host ${name}`, message);
      else {
        process.stdout.write(`host ${name}: ${message}\n`);
        wrong++;
      }
    }
  }
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main();
