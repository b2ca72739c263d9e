/** Options of `anypin replay` that concern the stack engine. */
import { CLIENT_PROFILES, DESIGN_NAMES, PINS, SCENARIO_NAMES } from "../experiment.ts";
import { type OptionSpec, type OptionValues, UsageError } from "./command.ts";
import { listOption, stringOption } from "./option-values.ts";
import { didYouMean } from "./suggest.ts";

const ENGINES = ["flow", "stack"] as const;

export const STACK_OPTIONS: readonly OptionSpec[] = [
  {
    name: "engine",
    value: "NAME",
    default: "flow",
    choices: ENGINES,
    help: "flow: a decision a connection; stack: every connection again as real TCP",
  },
  {
    name: "pin",
    value: "HOW",
    default: "none",
    choices: PINS,
    help: "stack: where servers insert the source route: none, transmit or receive",
  },
  {
    name: "design",
    value: "LIST",
    completes: { as: "list", words: [...DESIGN_NAMES, "all"] },
    help: `stack: of ${DESIGN_NAMES.join(", ")}, or all; see 'anypin man'`,
  },
  {
    name: "client",
    value: "MIX",
    default: "engel",
    completes: { as: "list", words: CLIENT_PROFILES },
    help: `stack: ${CLIENT_PROFILES.join(", ")}, or several with weights (engel:0.2,stock:0.8)`,
  },
  {
    name: "scenario",
    value: "NAME|FILE.json",
    completes: { as: "or-file", words: SCENARIO_NAMES },
    help: `stack: topology, events and what to compare: ${SCENARIO_NAMES.join(", ")}, or a file`,
  },
  {
    name: "write",
    value: "FILE.pcap",
    help: "stack: capture at the clients, a file for each run",
  },
  {
    name: "tap",
    value: "POINT=FILE",
    repeatable: true,
    completes: { as: "point", words: ["clients", "router", "servers", "server-1"] },
    help: "stack: capture at clients, router, servers, server-N",
  },
  {
    name: "explain",
    value: "N",
    help: "stack: packets of the Nth broken connection",
  },
];

/** Which engine is asked for. */
export function engineOption(options: OptionValues): "flow" | "stack" {
  return (
    oneOf(options, "engine", ENGINES) ?? (stringOption(options, "scenario") ? "stack" : "flow")
  );
}

/** The one of `words` that an option is, if it is given. */
export function oneOf<Word extends string>(
  options: OptionValues,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = stringOption(options, name);
  if (text === undefined) return undefined;
  const word = words.find((each) => each === text);
  if (word) return word;
  throw new UsageError(
    `--${name}: expected ${words.join(", ")}; found "${text}"${didYouMean(text, words)}`,
  );
}

/** Options that mean nothing to the flow engine are refused there, not passed over. */
export function refuseStackOptions(options: OptionValues): void {
  for (const { name } of STACK_OPTIONS) {
    if (name === "engine" || options[name] === undefined) continue;
    throw new UsageError(`--${name} is for the stack engine: add --engine stack`);
  }
}

/** A capture that is asked for, and the option that asks. */
export interface TapOption {
  option: string;
  point: string;
  path: string;
}

/** Where to capture, and into which files. */
export function tapOptions(options: OptionValues): TapOption[] {
  const taps = listOption(options, "tap").map((text) => {
    const [, point, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (point && path) return { option: `--tap ${point}`, point, path };
    throw new UsageError(`--tap: expected POINT=FILE; found "${text}"`);
  });
  const write = stringOption(options, "write");
  return write === undefined
    ? taps
    : [{ option: "--write", point: "clients", path: write }, ...taps];
}
