/** What only the real process shows: its streams, its status, its end. */
import { spawn } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { programPath, runProgram } from "../../support/cli.ts";

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

test.run();
