import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Command, type CommandEntry, UsageError } from "../../../replay/cli/command.ts";
import { loadCommands } from "../../../replay/cli/commands/index.ts";
import { commandHelp, programHelp } from "../../../replay/cli/help.ts";
import { VERSION } from "../../../replay/version.ts";
import { TraceError } from "../../../traces/errors.ts";
import { runHere } from "../../support/cli.ts";

const failing = (error: unknown): CommandEntry => {
  const command: Command = {
    name: "fail",
    summary: "",
    operands: "FILE",
    options: [],
    example: { line: "", about: "" },
    run: () => Promise.reject(error),
  };
  return { name: command.name, load: async () => command };
};
const commands = await loadCommands();

test("prints the version of package.json", async () => {
  const ran = await runHere(["--version"]);
  assert.is(ran.out, `anypin ${VERSION}\n`);
  assert.match(VERSION, /^\d+\.\d+\.\d+/);
});

test("help goes to stdout with status 0; no command at all shows it on stderr with status 2", async () => {
  for (const words of [["--help"], ["-h"], ["help"]]) {
    const ran = await runHere(words);
    assert.is(ran.status, 0);
    assert.is(ran.out, programHelp(commands));
  }
  const ran = await runHere([]);
  assert.equal([ran.status, ran.out, ran.err], [2, "", programHelp(commands)]);
});

test("an unknown command names the nearest", async () => {
  const ran = await runHere(["polices"]);
  assert.is(ran.status, 2);
  assert.match(ran.err, 'unknown command "polices"; did you mean "policies"?');
  assert.match(ran.err, "usage: anypin COMMAND");
});

test("help of a command is given however wrong the rest of its line is", async () => {
  const ran = await runHere(["policies", "--bogus", "--help"]);
  assert.is(ran.status, 0);
  assert.match(ran.out, "usage: anypin policies");
  assert.is((await runHere(["help", "policies"])).out, ran.out);
});

test("what else there is to know about a command stands in its help and in the manual", async () => {
  const { out } = await runHere(["check", "--help"]);
  assert.match(
    out.replace(/\s+/g, " "),
    '"interfaces": [{"name": "vB", "addresses": ["10.9.0.2/24"]}]',
  );
  assert.ok(out.split("\n").every((line) => line.length <= 80));
  assert.match((await runHere(["man"])).out, 'FILE.json is a host: {"interfaces"');
});

test("a wrong command line ends in a message, the usage line and status 2", async () => {
  const ran = await runHere(["fail"], [failing(new UsageError("needs a FILE"))]);
  assert.equal(
    [ran.status, ran.out, ran.err],
    [2, "", "anypin fail: needs a FILE\nusage: anypin fail [options] FILE\n"],
  );
});

test("an input that cannot be read ends in its place and status 3", async () => {
  const damage = {
    file: "x.pcap",
    offset: 24,
    packet: 1,
    expected: "a",
    found: "b",
    skipped: null,
  };
  const ran = await runHere(["fail", "x.pcap"], [failing(new TraceError(damage))]);
  assert.is(ran.status, 3);
  assert.is(ran.err, "anypin fail: x.pcap: byte 24, packet 1: expected a, found b\n");
});

test("a fault of the program is told from one of the input, without a stack trace", async () => {
  const ran = await runHere(["fail"], [failing(new TypeError("x is not a function"))]);
  assert.is(ran.status, 70);
  assert.match(ran.err, "internal error");
  assert.not.match(ran.err, /\n\s+at /);
});

for (const command of commands) {
  test(`help of ${command.name} fits a screen of 80 columns and 48 lines, with an example`, () => {
    const lines = commandHelp(command).split("\n");
    assert.ok(lines.length <= 48, `${lines.length} lines`);
    assert.equal(
      lines.filter((line) => line.length > 80 && !line.startsWith("example:")),
      [],
    );
    assert.match(command.example.line, new RegExp(`anypin ${command.name}\\b`));
  });
}

test.run();
