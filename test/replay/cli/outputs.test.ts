/** Where commands write: outputs of their own, known to be writable before the work, no trace when it fails. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { gunzipSync } from "node:zlib";
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
  symlinkSync(files.path("new.html"), files.path("leads-nowhere.html"));
  for (const report of [files.path("new.html"), older, files.path("leads-nowhere.html")]) {
    const { status } = await runHere(["replay", files.path("none.pcap"), "--report", report]);
    assert.is(status, 3);
  }
  assert.not.ok(existsSync(files.path("new.html")));
  assert.is(readlinkSync(files.path("leads-nowhere.html")), files.path("new.html"));
  assert.is(readFileSync(older, "utf8"), "older");
});

test("captures of several runs have a file each, and stderr says which is which", async () => {
  const write = files.path("seen.pcap");
  const words = ["replay", SAMPLE, "--engine", "stack", "--policy", "hash", "--write", write];
  const { status, err } = await runHere([...words, "--design", "plain,pinned-receive"]);
  assert.is(status, 0);
  const second = files.path("seen-pinned-receive-hash-engel.pcap");
  assert.match(err, `${write}: clients under plain, hash, engel\n`);
  assert.match(err, `${second}: clients under pinned-receive, hash, engel\n`);
  assert.ok(existsSync(second));
  assert.is((await runHere(words)).err, "", "a single one is what it was called");
});

test("a capture that is read is not written over by a later run's, and a wrong point touches nothing", async () => {
  const read = files.path("in-plain-random-engel.pcap");
  writeFileSync(read, gunzipSync(readFileSync(SAMPLE)));
  const bytes = readFileSync(read);
  const stack = ["replay", read, "--engine", "stack"];
  const both = await runHere([...stack, "--policy", "rr,random", "--write", files.path("in.pcap")]);
  assert.is(both.status, 2);
  assert.match(both.err, /--write: expected another file than those read/);
  assert.not.ok(existsSync(files.path("in.pcap")));
  assert.equal(readFileSync(read), bytes);
  const older = files.path("older.pcap");
  writeFileSync(older, "older");
  const { status, err } = await runHere([...stack, "--tap", `server-6=${older}`]);
  assert.is(status, 2);
  assert.match(err, 'expected clients, router, server-1…5, servers; found "server-6"');
  assert.is(readFileSync(older, "utf8"), "older");
});

test("what was written is said on stderr, unless quiet", async () => {
  const [page, tables, steps] = [files.path("r.html"), files.path("csv"), files.path("w.html")];
  const words = ["replay", SAMPLE, "--policy", "hash", "--report", page, "--csv", tables];
  assert.is(
    (await runHere(words)).err,
    `anypin replay: wrote 9 tables into ${tables}\nanypin replay: wrote ${page}, a page for any browser\n`,
  );
  assert.is((await runHere([...words, "--quiet"])).err, "");
  const walk = await runHere(["walk", "--report", steps]);
  assert.is(walk.err, `anypin walk: wrote ${steps}, a page for any browser\n`);
});

test("nothing else goes where the result goes", async () => {
  for (const words of [
    ["replay", SAMPLE, "--engine", "stack", "--write", "-"],
    ["replay", SAMPLE, "--engine", "stack", "--tap", "router=-"],
    ["replay", SAMPLE, "--report", "-"],
    ["replay", SAMPLE, "--csv", "-"],
    ["flows", SAMPLE, "--out", "-"],
    ["flows", SAMPLE, "--parquet", "-"],
    ["walk", "--report", "-"],
  ]) {
    const { status, out, err } = await runHere(words);
    assert.equal([status, out], [2, ""]);
    assert.match(err, "the result goes to standard output");
    assert.not.ok(existsSync("-"));
  }
});

test("a page may go to standard output by name", async () => {
  const result = files.path("result.json");
  writeFileSync(result, (await runHere(["replay", SAMPLE, "--policy", "hash", "--json"])).out);
  const { status, out } = await runHere(["report", result, "--out", "-"]);
  assert.is(status, 0);
  assert.match(out, /^<!doctype html>/i);
});

test("an input of an impossible name is no output", async () => {
  for (const name of ["x".repeat(300), "x/".repeat(3000)]) {
    const { status, err } = await runHere(["flows", name]);
    assert.is(status, 3);
    assert.match(err, "expected a capture, found a name too long for any file");
    const output = await runHere(["flows", SAMPLE, "--out", name]);
    assert.is(output.status, 2);
    assert.match(output.err, "cannot be written: name too long (ENAMETOOLONG)");
  }
});

test("files that are begun late are known to be writable before the reading", async () => {
  for (const option of ["--out", "--parquet"]) {
    const words = ["flows", files.path("none.pcap"), option, files.path("no/such/place")];
    assert.match((await runHere(words)).err, "no/such/place: cannot be written");
  }
});

test("a place that cannot be written to is named, in words", async () => {
  const page = files.path("no/such/place.html");
  const [report, walk] = await Promise.all([
    runHere(["replay", SAMPLE, "--report", page]),
    runHere(["walk", "--report", page]),
  ]);
  const why = "cannot be written: no such file or directory (ENOENT)";
  assert.equal([report.status, report.err], [2, `anypin replay: ${page}: ${why}\n`]);
  assert.equal([walk.status, walk.out, walk.err], [2, "", `anypin walk: ${page}: ${why}\n`]);
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
