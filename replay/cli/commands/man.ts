import { DESIGNS } from "../../designs/index.ts";
import { CLIENT_SUMMARIES } from "../../emulation/scenario/client-mix.ts";
import { CLIENT_PROFILES, SCENARIO_NAMES } from "../../experiment.ts";
import { NAMED_POLICIES } from "../../policies/index.ts";
import { VERSION } from "../../version.ts";
import { type Command, UsageError } from "../command.ts";
import { type Glossary, manPage } from "../man.ts";
import { switchOption } from "../option-values.ts";
import { loadScenario } from "../scenario-option.ts";
import { loadCommands } from "./index.ts";

/** What the options of the engines name. */
const glossaries = (): Glossary[] => [
  {
    title: "POLICIES",
    about: "of --policy: where a packet without a binding goes.",
    entries: NAMED_POLICIES.map(({ name, aliases, summary }) => [
      [name, ...aliases].join(", "),
      summary,
    ]),
  },
  {
    title: "DESIGNS",
    about: "of --design: ways to do anycast.",
    entries: DESIGNS.map(({ name, summary }) => [name, summary]),
  },
  {
    title: "CLIENTS",
    about: "of --client: how the clients' kernels treat a route.",
    entries: CLIENT_PROFILES.map((name) => [name, CLIENT_SUMMARIES[name]]),
  },
  {
    title: "SCENARIOS",
    about:
      "of --scenario. A file of one's own has the same form as those in the folder scenarios/ of the " +
      "program; CONTRIBUTING.md has all members.",
    entries: SCENARIO_NAMES.map((name) => [name, loadScenario(name).about]),
  },
];

/** `anypin man`: the manual page, from the same declarations as --help. */
export const manCommand: Command = {
  name: "man",
  summary: "print the manual page",
  operands: "",
  options: [],
  example: {
    line: "anypin man | man -l -",
    about: "the manual of an anypin that is not installed",
  },
  async run(operands, options, terminal) {
    if (operands.length > 0) throw new UsageError(`takes no operand; found "${operands[0]}"`);
    const page = manPage(await loadCommands(), glossaries(), VERSION);
    await terminal.out(switchOption(options, "json") ? `${JSON.stringify({ page })}\n` : page);
    return 0;
  },
};
