import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseLine } from "../../../replay/cli/args.ts";
import { type OptionSpec, UsageError } from "../../../replay/cli/command.ts";
import { listOption, numberOption, switchOption } from "../../../replay/cli/option-values.ts";

const SPECS: OptionSpec[] = [
  { name: "servers", value: "N", help: "" },
  { name: "service", value: "HOST", repeatable: true, help: "" },
  { name: "engine", value: "NAME", choices: ["flow", "stack"], help: "" },
  { name: "tunnels", help: "" },
];

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.instance(error, UsageError);
    return (error as Error).message;
  }
  return assert.unreachable("no UsageError") as never;
};

test("takes options and operands in any order, and '-' as an operand", () => {
  const { operands, options } = parseLine(SPECS, [
    "a.pcap",
    "--servers=3",
    "-",
    "--tunnels",
    "--service",
    "10.0.0.1:80",
    "--service=::1",
    "--",
    "--odd-name",
  ]);
  assert.equal(operands, ["a.pcap", "-", "--odd-name"]);
  assert.is(numberOption(options, "servers", { fallback: 5 }), 3);
  assert.is(switchOption(options, "tunnels"), true);
  assert.is(switchOption(options, "json"), false);
  assert.equal(listOption(options, "service"), ["10.0.0.1:80", "::1"]);
});

test("the last of several values counts", () => {
  const { options } = parseLine(SPECS, ["--servers", "3", "--servers", "4"]);
  assert.is(numberOption(options, "servers", { fallback: 5 }), 4);
});

const WRONG: [string[], string][] = [
  [["--server", "3"], 'unknown option --server; did you mean "--servers"?'],
  [["--sevrers=3"], 'unknown option --sevrers; did you mean "--servers"?'],
  [["--zzz"], "unknown option --zzz"],
  [["-x"], "unknown option -x"],
  [["--servers"], "--servers needs a value: N"],
  [["--servers="], "--servers needs a value: N"],
  [["--tunnels=yes"], "--tunnels takes no value"],
  [["--engine", "stck"], '--engine: expected flow, stack; found "stck"; did you mean "stack"?'],
];

for (const [words, expected] of WRONG) {
  test(`refuses ${words.join(" ")}`, () => {
    assert.is(
      message(() => parseLine(SPECS, words)),
      expected,
    );
  });
}

const NUMBERS: [string, string | null][] = [
  ["5", null],
  ["5e0", null],
  ["0", '--servers: expected a whole number from 1 to 10; found "0"'],
  ["2.5", '--servers: expected a whole number from 1 to 10; found "2.5"'],
  ["0x3", '--servers: expected a whole number from 1 to 10; found "0x3"'],
  ["five", '--servers: expected a whole number from 1 to 10; found "five"'],
  ["1e999", '--servers: expected a whole number from 1 to 10; found "1e999"'],
];

for (const [text, expected] of NUMBERS) {
  test(`${expected ? "refuses" : "takes"} ${text} as a number of servers`, () => {
    const { options } = parseLine(SPECS, [`--servers=${text}`]);
    const read = () =>
      numberOption(options, "servers", { fallback: 5, min: 1, max: 10, integer: true });
    if (expected === null) assert.is(read(), 5);
    else assert.is(message(read), expected);
  });
}

test.run();
