/** Where commands write: outputs of their own, known to be writable before the work, no trace when it fails. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeFolder } from "../../../replay/cli/outputs.ts";
import { runHere } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";
import { temporary } from "../../support/temporary.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");
const files = temporary();
test.after(() => files.remove());

test("two outputs of one command never go to one file, by whatever names", async () => {
  const { folder, path } = files;
  mkdirSync(path("real"));
  symlinkSync(path("real"), path("link"));
  const stack = ["replay", SAMPLE, "--engine", "stack"];
  for (const [words, message] of [
    [
      [...stack, "--write", path("x"), "--tap", `router=${folder}/./x`],
      /--tap router: expected another file than that of --write/,
    ],
    [[...stack, "--tap", `router=${path("x")}`, "--report", path("x")], /than that of --report/],
    [
      ["flows", SAMPLE, "--out", path("real/x"), "--csv", path("link/x")],
      /--out: expected another file than that of --csv/,
    ],
  ] as const) {
    const { status, err } = await runHere(words);
    assert.is(status, 2, words.join(" "));
    assert.match(err, message);
    assert.not.ok(existsSync(path("x")));
  }
  const { status } = await runHere(["flows", SAMPLE, "--out", "/dev/null", "--csv", "/dev/null"]);
  assert.is(status, 0, "what is no file may be named twice");
});

test("a replay that cannot read its input leaves no empty report, and an older one as it was", async () => {
  const older = files.path("older.html");
  writeFileSync(older, "older");
  for (const report of [files.path("new.html"), older]) {
    const { status } = await runHere(["replay", files.path("none.pcap"), "--report", report]);
    assert.is(status, 3);
  }
  assert.not.ok(existsSync(files.path("new.html")));
  assert.is(readFileSync(older, "utf8"), "older");
});

test("folders are made with those they lie in, and where none can be that is an error", () => {
  const deep = files.path("a/b/c");
  makeFolder(deep);
  makeFolder(deep);
  assert.ok(existsSync(deep));
  writeFileSync(files.path("file"), "");
  assert.throws(() => makeFolder(files.path("file")), /EEXIST/);
  assert.throws(() => makeFolder(files.path("file/below")), /ENOTDIR/);
  if (existsSync("/proc/self")) assert.throws(() => makeFolder("/proc/none/x"), /ENOENT/);
});

test.run();
