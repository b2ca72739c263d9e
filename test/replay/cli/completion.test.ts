/** Completion and the manual page: made from the declarations, taken by the programs they are for. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loadCommands } from "../../../replay/cli/commands/index.ts";
import { DESIGNS } from "../../../replay/designs/index.ts";
import { runHere } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";

const commands = await loadCommands();
const script = async (shell: string): Promise<string> => (await runHere(["completion", shell])).out;

/** Whether a program is here; says so when it is not. */
function have(program: string): boolean {
  const there = spawnSync(program, ["--version"]).error === undefined;
  if (!there) console.log(`SKIPPED ${program}: not installed`);
  return there;
}

test("each shell's script knows every command and option", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const text = await script(shell);
    for (const { name, options } of commands) {
      assert.match(text, name);
      for (const option of options) {
        assert.match(text, shell === "fish" ? `-l ${option.name}` : `--${option.name}`);
      }
    }
  }
});

const BASH: [string[], string[]][] = [
  [["rep"], ["replay", "reproduce", "report"]],
  [["replay", "--eng"], ["--engine"]],
  [
    ["replay", "--engine", ""],
    ["flow", "stack"],
  ],
  [["walk", "--pin", "r"], ["receive"]],
  [["completion", "f"], ["fish"]],
  [["replay", "--servers", ""], []],
  [["replay", "--policy", "least"], ["least-connection"]],
  [["replay", "--policy", "rr,ha"], ["rr,hash"]],
  [["replay", "--policy", "=", "rr,ha"], ["rr,hash"]],
  [
    ["replay", "--engine", "="],
    ["flow", "stack"],
  ],
  [["replay", "--design", "plain,rfc"], ["plain,rfc1546"]],
  [["replay", "--client", "engel", ":", "0.2,st"], ["0.2,stock"]],
  [
    ["replay", "--scenario", "route"],
    ["route-change", "router-restart"],
  ],
  [["replay", "--tap", "ro"], ["router"]],
  [["replay", "--tap", "router", "=", "README"], ["README.md"]],
  [["replay", "--report", "=", "README"], ["README.md"]],
  [["help", "wa"], ["walk"]],
  [["replay", "README"], ["README.md"]],
];
test("bash completes commands, options, choices and files", async () => {
  if (!have("bash")) return;
  const text = await script("bash");
  for (const [words, wanted] of BASH) {
    const line = ["anypin", ...words].map((word) => `'${word}'`).join(" ");
    const probe = `${text}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _anypin; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const ran = spawnSync("bash", ["-c", probe], { encoding: "utf8", cwd: projectPath(".") });
    assert.is(ran.stderr, "");
    assert.equal(
      ran.stdout.split("\n").filter(Boolean).sort(),
      [...wanted].sort(),
      words.join(" "),
    );
  }
});

test("zsh is told of lists, of words or files, and of points and files", async () => {
  const text = await script("zsh");
  assert.match(text, ":LIST:_values -s , LIST round-robin rr random");
  assert.match(text, ": _anypin_or_file figure1 figure2-multihomed");
  assert.match(text, ": _anypin_point clients router servers");
});

test("zsh takes its script", async () => {
  if (!have("zsh")) return;
  const ran = spawnSync(
    "zsh",
    [
      "-f",
      "-c",
      `autoload -U compinit; compinit -D\n${await script("zsh")}\nprint $_comps[anypin]`,
    ],
    {
      encoding: "utf8",
    },
  );
  assert.equal([ran.stderr, ran.stdout], ["", "_anypin\n"]);
});

test("fish completes commands and choices", async () => {
  if (!have("fish")) return;
  const complete = async (line: string) => {
    const ran = spawnSync(
      "fish",
      ["--no-config", "-c", `${await script("fish")}\ncomplete -C '${line}'`],
      {
        encoding: "utf8",
      },
    );
    assert.is(ran.stderr, "");
    return ran.stdout
      .split("\n")
      .filter(Boolean)
      .map((row) => row.split("\t")[0]);
  };
  assert.equal((await complete("anypin rep")).sort(), ["replay", "report", "reproduce"]);
  assert.equal((await complete("anypin replay --engine ")).sort(), ["flow", "stack"]);
  assert.equal(await complete("anypin replay --policy ha"), ["hash"]);
  assert.equal(await complete("anypin replay --policy rr,ha"), ["rr,hash"]);
  assert.equal(await complete("anypin replay --scenario figure2"), ["figure2-multihomed"]);
  assert.equal(await complete("anypin replay --tap ro"), ["router="]);
  assert.equal(await complete("anypin help wa"), ["walk"]);
});

test("an unknown shell is refused, with the nearest", async () => {
  const { status, err } = await runHere(["completion", "bsh"]);
  assert.is(status, 2);
  assert.match(err, 'did you mean "bash"?');
});

test("man/anypin.1 is what anypin man prints, and names every option", async () => {
  const { out } = await runHere(["man"]);
  const path = projectPath("man/anypin.1");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, out);
  assert.is(readFileSync(path, "utf8"), out, "run npm run man");
  for (const { name, options } of commands) {
    assert.match(out, `.SS anypin ${name}`);
    for (const option of options) assert.match(out, `\\-\\-${option.name.replaceAll("-", "\\-")}`);
  }
  for (const { name, summary } of DESIGNS) {
    assert.ok(out.includes(`${name}\n${summary.slice(0, 12)}`.replaceAll("-", "\\-")), name);
  }
  for (const word of ["hash", "filtering", "figure2\\-multihomed"])
    assert.match(out, `.B ${word}\n`);
});

test("groff finds nothing wrong with the manual page", () => {
  if (!have("groff")) return;
  const ran = spawnSync(
    "groff",
    ["-man", "-ww", "-Tutf8", "-P-cbou", projectPath("man/anypin.1")],
    {
      encoding: "utf8",
    },
  );
  assert.is(ran.stderr, "");
  assert.match(ran.stdout, /[-−]{2}servers N/);
});

test.run();
