/** Runs programs and tells what they took. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { projectRoot } from "../test/support/project.ts";
import { median, type Row } from "./bench.ts";

/** GNU time: the one usual program that tells a child's processor time and peak memory. */
const TIME = "/usr/bin/time";

/**
 * What commands are run with: Node 20 reads every certificate of this file whenever it starts, 33 ms that
 * none of its programs asked for.
 */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

export interface Cost {
  seconds: number;
  cpuSeconds: number | null;
  peakBytes: number | null;
  stdout: string;
}

export const haveProgram = (name: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;

/** Runs a shell command in the project's root to its end. Throws, with what it said, when it fails. */
export function runCommand(command: string): Cost {
  const timed = existsSync(TIME);
  const shell = ["bash", "-o", "pipefail", "-c", command];
  const line = timed ? [TIME, "-f", "\n@@ %U %S %M", ...shell] : shell;
  const began = process.hrtime.bigint();
  const done = spawnSync(line[0], line.slice(1), {
    cwd: projectRoot,
    env: ENVIRONMENT,
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (done.status !== 0) {
    throw new Error(
      `${command}\n  ended with ${done.status ?? done.signal}: ${done.stderr.trim()}`,
    );
  }
  const usage = /@@ ([\d.]+) ([\d.]+) (\d+)\s*$/.exec(done.stderr);
  return {
    seconds,
    cpuSeconds: usage ? Number(usage[1]) + Number(usage[2]) : null,
    peakBytes: usage ? Number(usage[3]) * 1024 : null,
    stdout: done.stdout,
  };
}

const READ_AT_ONCE = Buffer.alloc(1 << 20);

/**
 * Reads a file for nothing. A machine that shares its memory takes pages away that nobody has used for
 * a while: of a capture of 464 MB, two thirds in half a minute.
 */
function warm(path: string): void {
  const file = openSync(resolve(projectRoot, path), "r");
  while (readSync(file, READ_AT_ONCE) > 0);
  closeSync(file);
}

/** A command to measure. */
export interface Subject {
  what: string;
  command: string;
  amount: number;
  /** The file it reads, which is to be in the page cache when it does. */
  reads?: string;
  /** Runs at most; for programs that take minutes. */
  atMost?: number;
  /** Seconds that count, when the command prints them itself (a start-up is not to be measured). */
  own?: (stdout: string) => number;
}

/** Measures all subjects in turn, `runs` times over, so that a machine's drift meets them alike. */
export function measureCommands(
  subjects: readonly Subject[],
  runs: number,
  progress: (text: string) => void,
): Row[] {
  const costs = subjects.map((): Cost[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, { what, command, own, reads, atMost = runs }] of subjects.entries()) {
      if (run >= atMost) continue;
      progress(`run ${run + 1} of ${runs}: ${what}`);
      if (reads !== undefined) warm(reads);
      const cost = runCommand(command);
      costs[i].push(own ? { ...cost, seconds: own(cost.stdout) } : cost);
    }
  }
  return subjects.map(({ what, command, amount }, i) => ({
    what,
    command,
    amount,
    seconds: costs[i].map((c) => c.seconds),
    cpuSeconds: whereKnown(
      costs[i].map((c) => c.cpuSeconds),
      median,
    ),
    peakBytes: whereKnown(
      costs[i].map((c) => c.peakBytes),
      (all) => Math.max(...all),
    ),
  }));
}

function whereKnown(values: (number | null)[], take: (known: number[]) => number): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : take(known);
}
