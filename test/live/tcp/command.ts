/**
 * Our stack against the TCP of the Linux that runs this: `npm run live:tcp -- [--seed N]
 * [--transfers N] [--only TEXT] [--captures FOLDER]`. As root on Linux it builds network namespaces,
 * connects the two by a veth and prints a line for each thing tried; `--only` picks what has TEXT in
 * its name, `--captures` keeps the captures. Status 1 when anything went wrong; where it cannot run
 * it says so and ends with 0. nftables' losses follow no seed; all else does.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { announceSkip } from "../../support/project.ts";
import { endAll } from "./child.ts";
import { CONDITIONS, runCondition } from "./conditions.ts";
import { closeAll, removeStale, SetupError, whyNot } from "./namespaces.ts";
import { play } from "./scene.ts";
import { SCENES } from "./scenes.ts";

const SHOWN = 20;

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs one part and counts it; a machine that cannot set it up has it skipped. */
async function attempt(totals: Totals, name: string, run: () => Promise<string[]>): Promise<void> {
  try {
    const wrong = await run();
    process.stdout.write(`${wrong.length === 0 ? "ok  " : "FAIL"} ${name}\n`);
    for (const line of wrong.slice(0, SHOWN)) process.stdout.write(`  ${line}\n`);
    if (wrong.length === 0) totals.passed++;
    else totals.failed++;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof SetupError) {
      announceSkip(`live:tcp ${name}`, message);
      totals.skipped++;
    } else {
      process.stdout.write(`FAIL ${name}\n  ${message}\n`);
      totals.failed++;
    }
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      transfers: { type: "string", default: "200" },
      only: { type: "string", default: "" },
      captures: { type: "string" },
    },
  });
  const seed = Number(values.seed);
  const transfers = Number(values.transfers);
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(transfers) || transfers < 1) {
    process.stderr.write(
      "usage: npm run live:tcp -- [--seed N] [--transfers N] [--only TEXT] [--captures FOLDER]\n",
    );
    return 2;
  }
  const why = whyNot();
  if (why !== null) {
    announceSkip("live:tcp", why);
    return 0;
  }
  removeStale();
  const folder = values.captures ?? mkdtempSync(join(tmpdir(), "anypin-live-"));
  mkdirSync(folder, { recursive: true });
  if (values.captures === undefined) {
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  }
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write(`Linux ${release()}, seed ${seed}\n`);
  for (const condition of CONDITIONS) {
    const name = `transfers with ${condition.name}`;
    if (!name.includes(values.only)) continue;
    await attempt(totals, name, () => runCondition(condition, transfers, seed, folder));
  }
  for (const [name, scene] of Object.entries(SCENES)) {
    if (!name.includes(values.only)) continue;
    await attempt(totals, name, async () => {
      await play(seed, join(folder, `${name.replace(/\W+/g, "-")}.pcap`), scene);
      return [];
    });
  }
  const { passed, failed, skipped } = totals;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 ? 0 : 1;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endAll();
    closeAll();
    process.exit(130);
  });
}
try {
  process.exitCode = await main();
} finally {
  endAll();
}
