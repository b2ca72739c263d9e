import { writeText } from "../../../traces/output-file.ts";
import { walkText } from "../../report/walk-text.ts";
import { VERSION } from "../../version.ts";
import type { WalkChoice } from "../../walk/steps.ts";
import { walk } from "../../walk/walk.ts";
import { type Command, type OptionSpec, type OptionValues, UsageError } from "../command.ts";
import { stringOption, switchOption } from "../option-values.ts";
import { distinctOutputs } from "../outputs.ts";
import { commandLine } from "../provenance.ts";

const PINS = ["transmit", "receive"] as const;
const TOPOLOGIES = ["single", "multihomed"] as const;
const CLIENTS = ["engel", "stock", "bsd44", "freebsd", "filtering"] as const;

const OPTIONS: readonly OptionSpec[] = [
  {
    name: "pin",
    value: "PATH",
    default: "transmit",
    choices: PINS,
    help: "where the server inserts its route: transmit or receive path",
  },
  {
    name: "topology",
    value: "WORLD",
    default: "single",
    choices: TOPOLOGIES,
    help: "single: Figure 1; multihomed: Figure 2",
  },
  {
    name: "client",
    value: "PROFILE",
    default: "engel",
    choices: CLIENTS,
    help: "how the client treats a SYN-ACK's route: engel, stock, bsd44, freebsd, filtering",
  },
  { name: "two-pass", help: "a hop that is the host itself takes a pass of its own" },
  {
    name: "report",
    value: "FILE.html",
    help: "write all of these walks as a page to step through",
  },
];

/** Every walk there is. */
const CHOICES: readonly WalkChoice[] = TOPOLOGIES.flatMap((topology) =>
  PINS.flatMap((pin) =>
    [false, true].flatMap((twoPass) =>
      CLIENTS.map((client) => ({ pin, topology, twoPass, client })),
    ),
  ),
);

function choiceOf(options: OptionValues): WalkChoice {
  const one = <T extends string>(name: string, known: readonly T[]): T =>
    known.find((word) => word === stringOption(options, name)) ?? known[0];
  return {
    pin: one("pin", PINS),
    topology: one("topology", TOPOLOGIES),
    twoPass: switchOption(options, "two-pass"),
    client: one("client", CLIENTS),
  };
}

/** `anypin walk`: the paper's Figures 1 and 2 from packets that two stacks exchange. */
export const walkCommand: Command = {
  name: "walk",
  summary: "walk through a pinned connection, header by header, as in the paper's Figures 1 and 2",
  operands: "",
  options: OPTIONS,
  example: {
    line: "anypin walk --topology multihomed --pin transmit",
    about: "Figure 2: pinning where packets leave names the wrong interface; try --pin receive",
  },
  async run(operands, options, terminal) {
    if (operands.length > 0) throw new UsageError(`takes no operand; found "${operands[0]}"`);
    const choice = choiceOf(options);
    const report = stringOption(options, "report");
    distinctOutputs([], [["--report", report]]);
    const result = walk(choice);
    if (report !== undefined) {
      const command = commandLine("walk", operands, options);
      const versions = [`anypin ${VERSION}`, `Node.js ${process.version}`];
      const { walkPage } = await import("../../report/html/walk-page.ts");
      writeText(report, walkPage(CHOICES.map(walk), choice, { command, versions }));
      if (!switchOption(options, "quiet")) {
        terminal.err(`anypin walk: wrote ${report}, a page for any browser\n`);
      }
    }
    if (!switchOption(options, "json")) {
      await terminal.out(walkText(result));
      return 0;
    }
    const packets = result.steps.map(({ sender, route, fields, ...step }) => ({
      label: step.label,
      from: step.from,
      to: step.to,
      wire: step.wire,
      sender,
      route,
      sending: step.sending,
      receiving: step.receiving,
      fields,
    }));
    const { names, between, verdict } = result;
    const more = between.map(({ after, step }) => ({
      after,
      label: step.label,
      from: step.from,
      to: step.to,
      wire: step.wire,
    }));
    await terminal.out(
      `${JSON.stringify({ choice, packets, between: more, names, verdict }, null, 2)}\n`,
    );
    return 0;
  },
};
