/** The scenario that options of `anypin replay` ask for. */
import { parseClientMix } from "../emulation/scenario/client-mix.ts";
import { type ClientMix, DEFAULT_SCENARIO, type Scenario } from "../emulation/scenario/scenario.ts";
import { CLIENT_PROFILES, DESIGN_NAMES, PIN_DESIGNS, PINS, type Pin } from "../experiment.ts";
import { type OptionValues, UsageError } from "./command.ts";
import { stringOption } from "./option-values.ts";
import { loadScenario } from "./scenario-option.ts";
import { oneOf } from "./stack-options.ts";
import { didYouMean } from "./suggest.ts";

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
  const words = text.split(",").flatMap((word) => (word === "all" ? [...DESIGN_NAMES] : [word]));
  const unknown = words.find((word) => !DESIGN_NAMES.some((name) => name === word));
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
