/** Options of `anypin replay` that concern the stack engine. */
import { DESIGNS, findDesign } from "../designs/index.ts";
import { CLIENT_PROFILES, parseClientMix } from "../emulation/scenario/client-mix.ts";
import { type ClientMix, DEFAULT_SCENARIO, type Scenario } from "../emulation/scenario/scenario.ts";
import { PIN_DESIGNS, PINS, type Pin } from "../experiment.ts";
import { type OptionSpec, type OptionValues, UsageError } from "./command.ts";
import { listOption, stringOption } from "./option-values.ts";
import { bundledScenarios, loadScenario } from "./scenario-option.ts";
import { didYouMean } from "./suggest.ts";

const ENGINES = ["flow", "stack"] as const;
const DESIGN_NAMES = DESIGNS.map(({ name }) => name);

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
    completes: { as: "or-file", words: bundledScenarios() },
    help: `stack: topology, events and what to compare: ${bundledScenarios().join(", ")}, or a file`,
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

function oneOf<Word extends string>(
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
  if (write === "-" || taps.some(({ path }) => path === "-")) {
    throw new UsageError("--write and --tap need a file: the result goes to standard output");
  }
  return write === undefined
    ? taps
    : [{ option: "--write", point: "clients", path: write }, ...taps];
}

function clientOption(options: OptionValues): ClientMix | undefined {
  const text = stringOption(options, "client");
  if (text === undefined) return undefined;
  try {
    return parseClientMix(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const words = text.split(",").map((part) => part.trim().split(":")[0]);
    const unknown = words.find((word) => !CLIENT_PROFILES.some((name) => name === word));
    const hint = unknown === undefined ? "" : didYouMean(unknown, CLIENT_PROFILES);
    throw new UsageError(`--client: ${error.message}${hint}`);
  }
}

function designsOption(options: OptionValues, pin: Pin | undefined): string[] | undefined {
  const text = stringOption(options, "design");
  if (text === undefined) return pin && [PIN_DESIGNS[pin]];
  if (pin) throw new UsageError("--design and --pin say the same thing: give one of them");
  const words = text.split(",").flatMap((word) => (word === "all" ? DESIGN_NAMES : [word]));
  const unknown = words.find((word) => !findDesign(word));
  if (unknown === undefined) return [...new Set(words)];
  throw new UsageError(
    `--design: expected ${DESIGN_NAMES.join(", ")} or all; found "${unknown}"${didYouMean(unknown, DESIGN_NAMES)}`,
  );
}

/**
 * The scenario of `--scenario` with what other options change of it. `servers` and `policies` are
 * those of the options or their defaults, which a scenario's own come before.
 */
export function scenarioOption(
  options: OptionValues,
  { servers, policies }: { servers: number; policies: readonly string[] },
): { scenario: Scenario; pin: Pin } {
  const named = stringOption(options, "scenario");
  const scenario =
    named === undefined ? { ...DEFAULT_SCENARIO, servers, policies } : loadScenario(named);
  const pin = oneOf(options, "pin", PINS);
  const client = clientOption(options);
  const designs = designsOption(options, pin) ?? scenario.designs;
  const changed: Scenario = {
    ...scenario,
    designs,
    clients: client ? [client] : scenario.clients,
    servers: options.servers === undefined ? scenario.servers : servers,
    policies: options.policy === undefined ? scenario.policies : policies,
  };
  checkEvents(changed);
  const first = PINS.find((each) => PIN_DESIGNS[each] === designs[0]);
  return { scenario: changed, pin: pin ?? first ?? "none" };
}

/** `--servers` may leave none for an event to happen to. */
function checkEvents({ name, events, servers }: Scenario): void {
  const last = Math.max(0, ...events.map((event) => ("server" in event ? event.server + 1 : 0)));
  if (last > servers) {
    throw new UsageError(`--servers: scenario ${name} has an event for server ${last}`);
  }
}
