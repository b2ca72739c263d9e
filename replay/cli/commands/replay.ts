import type { ByteChoice } from "../../../traces/activity.ts";
import { DEFAULT_EXPERIMENT, type Experiment } from "../../experiment.ts";
import { findPolicy, POLICIES, policyWords } from "../../policies/index.ts";
import type { ReplayResult } from "../../result.ts";
import { run } from "../../run.ts";
import {
  type Command,
  type OptionSpec,
  type OptionValues,
  type Terminal,
  UsageError,
} from "../command.ts";
import { numberOption, stringOption, switchOption } from "../option-values.ts";
import { engineOption, refuseStackOptions, STACK_OPTIONS } from "../stack-options.ts";
import type { StackRun } from "../stack-run.ts";
import { didYouMean } from "../suggest.ts";
import { openInput, type TraceInput, warnOfDamage } from "../trace-input.ts";
import { CAPTURE_OPTIONS, threadsOf } from "../trace-options.ts";

const LAYERS = ["payload", "wire"] as const;
const DIRECTIONS = ["in", "out", "both"] as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: "policy",
    value: "LIST",
    default: "all",
    completes: { as: "list", words: [...policyWords(), "all"] },
    help: `of ${POLICIES.map((policy) => policy.name).join(", ")}; see 'anypin policies'`,
  },
  { name: "servers", value: "N", default: "5", help: "servers that share the address" },
  { name: "window", value: "S", default: "0.5", help: "seconds between samples of the load" },
  ...CAPTURE_OPTIONS,
  {
    name: "bytes",
    value: "WHICH",
    default: "payload,both",
    completes: { as: "list", words: [...LAYERS, ...DIRECTIONS] },
    help: "bytes that count: payload or wire; in, out or both",
  },
  { name: "seed", value: "N", default: "1", help: "seed of all that is random" },
  ...STACK_OPTIONS,
  {
    name: "report",
    value: "FILE.html",
    help: "write figures and tables there as one web page",
  },
  { name: "csv", value: "DIR", help: "write figures and loads there as CSV tables" },
];

/** Policies of `--policy`, each once, in the order given. */
export function policiesOption(options: OptionValues): string[] {
  const text = stringOption(options, "policy") ?? "all";
  const names = text.split(",").flatMap((word) => {
    if (word === "all") return POLICIES.map((policy) => policy.name);
    const policy = findPolicy(word);
    if (policy) return [policy.name];
    const known = POLICIES.map(({ name }) => name).join(", ");
    const hint = didYouMean(word, [...policyWords(), "all"]);
    throw new UsageError(`--policy: expected ${known} or all; found "${word}"${hint}`);
  });
  return [...new Set(names)];
}

function bytesOption(options: OptionValues): ByteChoice {
  let { layer, direction } = DEFAULT_EXPERIMENT.bytes;
  for (const word of stringOption(options, "bytes")?.split(",") ?? []) {
    const named = LAYERS.find((name) => name === word);
    const turned = DIRECTIONS.find((name) => name === word);
    if (!named && !turned) {
      const known = [...LAYERS, ...DIRECTIONS];
      throw new UsageError(
        `--bytes: expected ${known.join(", ")}; found "${word}"${didYouMean(word, known)}`,
      );
    }
    layer = named ?? layer;
    direction = turned ?? direction;
  }
  return { layer, direction };
}

async function experimentOf(options: OptionValues): Promise<Experiment> {
  const experiment = flowExperimentOf(options);
  if (engineOption(options) === "flow") {
    refuseStackOptions(options);
    return experiment;
  }
  const { scenarioOption } = await import("../stack-scenario.ts");
  const { scenario, pin } = scenarioOption(options, experiment);
  const client = scenario.clients.map(({ label }) => label).join(" ");
  const { servers, policies } = scenario;
  return { ...experiment, engine: "stack", servers, policies, scenario, pin, client };
}

function flowExperimentOf(options: OptionValues): Experiment {
  const whole = { integer: true };
  return {
    ...DEFAULT_EXPERIMENT,
    policies: policiesOption(options),
    servers: numberOption(options, "servers", {
      ...whole,
      fallback: DEFAULT_EXPERIMENT.servers,
      min: 1,
      max: 65535,
    }),
    windowSeconds: numberOption(options, "window", {
      fallback: DEFAULT_EXPERIMENT.windowSeconds,
      min: 0.001,
      max: 86400,
      unit: "seconds",
    }),
    seed: numberOption(options, "seed", {
      ...whole,
      fallback: DEFAULT_EXPERIMENT.seed,
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    }),
    bytes: bytesOption(options),
  };
}

/** What the stack engine is to run, if it is asked for: most of the program, loaded for that alone. */
async function stackRunOf(
  { scenario, seed }: Experiment,
  options: OptionValues,
  operands: readonly string[],
  input: TraceInput,
  terminal: Terminal,
): Promise<StackRun | null> {
  if (!scenario) return null;
  const { prepareStackRun } = await import("../stack-run.ts");
  return prepareStackRun(scenario, seed, options, operands, input, terminal);
}

/** The result in words or as JSON, either loaded when it is asked for. */
async function worded(
  result: ReplayResult,
  options: OptionValues,
  terminal: Terminal,
): Promise<string> {
  if (switchOption(options, "json")) {
    const { json } = await import("../../report/json.ts");
    return json(result);
  }
  const { table } = await import("../../report/table.ts");
  return table(result, terminal);
}

/** Whether anything is to be written but the result. */
const writesFiles = (options: OptionValues): boolean =>
  ["csv", "report", "write", "tap"].some((name) => options[name] !== undefined);

/** `anypin replay`: how evenly each dispatch policy would have loaded the servers. */
export const replayCommand: Command = {
  name: "replay",
  summary: "replay captures or a flow trace against N servers and compare dispatch policies",
  operands: "CAPTURE|TRACE…",
  options: OPTIONS,
  example: {
    line: "tcpdump -w - port 443 | anypin replay - --servers 8 --policy hash,lc",
    about: "how evenly hashing and least-connection would have loaded eight servers",
  },
  async run(operands, options, terminal) {
    const experiment = await experimentOf(options);
    const files = writesFiles(options) ? await import("../result-files.ts") : null;
    files?.claimFiles(operands, options);
    const input = await openInput(operands, options, terminal);
    const stackRun = await stackRunOf(experiment, options, operands, input, terminal);
    const threads = threadsOf(options);
    const quiet = switchOption(options, "quiet");
    const { comparison, attend } = stackRun ?? {};
    const found = await run(experiment, input.trace, threads, comparison, attend);
    const result = stackRun?.finish(found) ?? found;
    if (!quiet) {
      warnOfDamage(input, "replay", terminal);
      for (const note of stackRun?.notes ?? []) terminal.err(`anypin replay: ${note}\n`);
      if (result.trace.connections === 0) {
        const asked = ["service", "from", "to"].filter((name) => options[name] !== undefined);
        const names = asked.map((name) => `--${name}`).join(" and ");
        if (names)
          terminal.err(`anypin replay: no connection of the ${names} that was asked for\n`);
      }
    }
    await files?.writeFiles(result, operands, options, input, (what) => {
      if (!quiet) terminal.err(`anypin replay: wrote ${what}\n`);
    });
    const { explained, ...rest } = result;
    const asked = options.explain === undefined ? rest : result;
    await terminal.out(await worded(asked, options, terminal));
    return result.trace.truncated ? 3 : 0;
  },
};
