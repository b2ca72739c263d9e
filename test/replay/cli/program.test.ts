/** What only the real process shows: its streams, its status, its end. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { programPath, runProgram } from "../../support/cli.ts";
import { announceSkip, projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");

test("runs as a program and gives its status", () => {
  assert.is(runProgram(["policies"]).status, 0);
  assert.is(runProgram(["policies", "--bogus"]).status, 2);
});

test("ends quietly when the reader of stdout has gone away", async () => {
  const child = spawn(process.execPath, [programPath, "policies"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.equal([status, err], [0, ""]);
});

test("a full disk behind stdout is said in a line, with status 2", () => {
  if (!existsSync("/dev/full")) return announceSkip("a full disk", "no /dev/full here");
  for (const words of [
    ["policies"],
    ["--version"],
    ["replay", SAMPLE, "--json"],
    ["flows", SAMPLE, "--csv", "-"],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [programPath, ...words], {
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
      encoding: "utf8",
    });
    assert.is(status, 2, stderr);
    assert.match(stderr, /^anypin: stdout: ENOSPC[^\n]*\n$/);
  }
});

test("Ctrl-C is heard by commands that only compute", async () => {
  const folder = mkdtempSync(join(tmpdir(), "anypin-interrupt-"));
  const out = join(folder, "long.flows");
  const child = spawn(process.execPath, [programPath, "generate", "--out", out], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let err = "";
  child.stderr.on("data", (text) => {
    err += text;
  });
  const begun = setInterval(() => {
    if (!existsSync(out)) return;
    child.kill("SIGINT");
    clearInterval(begun);
  }, 20);
  const status = await new Promise((resolve) => child.on("close", resolve));
  const kept = runProgram(["flows", out, "--quiet"]).status;
  rmSync(folder, { recursive: true });
  assert.is(status, 3, err);
  assert.match(err, "interrupted");
  assert.is(kept, 0);
});

test.run();
