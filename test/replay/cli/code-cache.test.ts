/** Files of the program, run from what V8 made of them before. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CachedProgram } from "../../../replay/cli/code-cache.ts";
import { runProgram } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";
import { temporary } from "../../support/temporary.ts";

const files = temporary();
test.after(() => files.remove());

const put = (name: string, text: string): void => writeFileSync(files.path(name), text);

put("base.js", "exports.path = __filename; exports.twice = (n) => 2 * n;\n");
put("top.js", "const { twice } = require('./base.js'); exports.answer = twice(21);\n");

/** Run by Node with a folder: a process of its own, for V8 remembers what it has compiled in one. */
const RUN = `
  const [code, folder, id, keeps] = process.argv.slice(1);
  const { CachedProgram } = await import(code);
  const program = new CachedProgram(folder);
  const { answer } = program.require(id);
  console.log(JSON.stringify([answer ?? null, program.cached]));
  if (keeps === "yes") program.keep();
`;

/** What a module of a folder exports as its answer, and how many files came out of their caches. */
function runIn(folder: string, id: string, keeps: boolean): [answer: unknown, cached: number] {
  const code = projectPath("dist/replay/cli/code-cache.js");
  const words = ["--input-type=module", "-e", RUN, code, folder, id, keeps ? "yes" : "no"];
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  assert.is(stderr, "");
  return JSON.parse(stdout);
}

/** Runs `top.js`, and keeps all that has been run. */
const run = () => runIn(files.folder, "./top.js", true);

test("what was kept of a program's files is what they are run from", () => {
  assert.equal(
    [run(), run()],
    [
      [42, 0],
      [42, 2],
    ],
  );
});

test("another text is run for what it says, whatever was kept of the one before", () => {
  put("base.js", "exports.path = __filename; exports.twice = (n) => 2 * n + 1;\n");
  assert.equal(
    [run(), run()],
    [
      [43, 1],
      [43, 2],
    ],
  );
});

test("so is another text of the same length", () => {
  put("base.js", "exports.path = __filename; exports.twice = (n) => 2 * n + 3;\n");
  assert.equal(run(), [45, 1]);
  put("base.js", "exports.path = __filename; exports.twice = (n) => 2 * n + 1;\n");
  assert.equal(run(), [43, 1]);
});

for (const [name, kept] of [
  ["nothing", ""],
  ["text", "this is not what V8 made\n".repeat(20)],
] as const) {
  test(`${name} in the place of what was kept is passed over`, () => {
    put("top.js.cache", kept);
    assert.equal(
      [run(), run()],
      [
        [43, 1],
        [43, 2],
      ],
    );
  });
}

test("what was kept is passed over when one byte of it is another", () => {
  const whole = readFileSync(files.path("top.js.cache"));
  for (const at of [0, 40, whole.length >> 1, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] ^= 0xff;
    writeFileSync(files.path("top.js.cache"), damaged);
    assert.equal(runIn(files.folder, "./top.js", false), [43, 1], `byte ${at}`);
  }
});

test("the program imports a package, and Node does not warn of it", () => {
  const words = ["flows", projectPath("samples/web.pcap.gz"), "--quiet", "--parquet"];
  const { status, err } = runProgram([...words, files.path("flows.parquet")]);
  assert.equal([status, err], [0, ""]);
  assert.is(files.read("flows.parquet").slice(0, 4), "PAR1");
});

test("a file is run once, and told its name; what is not beside it is Node's", () => {
  const program = new CachedProgram(files.folder);
  const base = program.require("./base.js") as { path: string };
  assert.is(basename(base.path), "base.js");
  assert.is(program.require("./base.js"), base);
  assert.is((program.require("node:path") as { basename: unknown }).basename, basename);
});

test("an error tells where it was thrown", () => {
  put("wrong.js", "\n\nthrow new Error('no');\n");
  try {
    new CachedProgram(files.folder).require("./wrong.js");
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).stack ?? "", /wrong\.js:3:/);
  }
});

for (const name of ["core.js", "json.js"]) {
  test(`the build keeps ${name} as this V8 runs it`, () => {
    assert.equal(runIn(projectPath("dist/anypin"), `./${name}`, false), [null, 1]);
  });
}

test.run();
