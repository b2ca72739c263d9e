/**
 * The test command: runs every compiled `*.test.js` (or those whose path contains one of the
 * arguments), each file in a process of its own, as many at once as there are cores, and ends with
 * one line `N passed, N failed`. Fails when a file fails, dies, hangs, or holds no test at all.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A file that is silent for this long is taken for hung. */
const HUNG_MS = 300_000;

/** Tests that need another program run when they are named, by a command of their own. */
const APART = ["browser/"];

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

function testFiles(root: string, wanted: string[]): string[] {
  const all = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.js"))
    .map((name) => name.split(sep).join("/"))
    // Compiled tests outlive their deleted sources.
    .filter((name) => existsSync(`${root}/../../test/${name.replace(/\.js$/, ".ts")}`))
    .sort();
  if (wanted.length === 0)
    return all.filter((name) => !APART.some((room) => name.startsWith(room)));
  return all.filter((name) => wanted.some((w) => name.includes(w)));
}

const total = (output: string, label: string): number =>
  [...output.matchAll(new RegExp(`^  ${label}:\\s+(\\d+)`, "gm"))].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );

/** Runs one file; prints its output only when there is something to see. */
function runFile(root: string, name: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const began = process.hrtime.bigint();
    const child = spawn(process.execPath, [`${root}/${name}`], {
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let hung = false;
    let alarm = setTimeout(() => {}, 0);
    const listen = (chunk: Buffer | string) => {
      output += chunk.toString();
      clearTimeout(alarm);
      alarm = setTimeout(() => {
        hung = true;
        child.kill("SIGKILL");
      }, HUNG_MS);
    };
    listen("");
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("close", (code) => {
      clearTimeout(alarm);
      const ran = total(output, "Total");
      const passed = total(output, "Passed");
      const notes = [...output.matchAll(/^(SKIPPED.*)$/gm)].map((match) => `    ${match[1]}\n`);
      const died = code !== 0 && passed === ran;
      // A file may skip all it has, aloud: then it counts as skipped.
      const aloud = ran === 0 && notes.length > 0 ? 1 : 0;
      const skipped = Math.max(total(output, "Skipped"), aloud);
      const empty = ran + skipped === 0;
      const failed = ran - passed + (died || empty ? 1 : 0);
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      process.stdout.write(
        `${failed ? "FAIL" : "ok  "} ${name.replace(/\.js$/, ".ts")}  ${passed}/${ran}  ${seconds.toFixed(1)} s\n${notes.join("")}`,
      );
      if (failed) process.stdout.write(`${output}\n`);
      if (hung) process.stdout.write(`  silent for ${HUNG_MS / 1000} s: killed\n`);
      if (empty && !died) process.stdout.write("  holds no test (test.run() missing?)\n");
      resolve({ passed, failed, skipped });
    });
  });
}

const root = fileURLToPath(new URL(".", import.meta.url));
const files = testFiles(root, process.argv.slice(2));
const sum: Outcome = { passed: 0, failed: 0, skipped: 0 };
const queue = [...files];
await Promise.all(
  Array.from({ length: Math.max(1, availableParallelism()) }, async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const outcome = await runFile(root, name);
      sum.passed += outcome.passed;
      sum.failed += outcome.failed;
      sum.skipped += outcome.skipped;
    }
  }),
);
if (files.length === 0) {
  process.stdout.write(`no test file under ${relative(process.cwd(), root) || "."}\n`);
}
const skipped = sum.skipped ? `, ${sum.skipped} skipped` : "";
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed${skipped}\n`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
