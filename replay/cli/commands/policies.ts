import { NAMED_POLICIES } from "../../policies/index.ts";
import { type Command, UsageError } from "../command.ts";
import { switchOption } from "../option-values.ts";

/** `anypin policies`: what can be compared, with one line each. */
export const policiesCommand: Command = {
  name: "policies",
  summary: "list the dispatch policies that can be compared",
  operands: "",
  options: [],
  example: {
    line: "anypin policies --json",
    about: "names, short forms and descriptions, for a script that sweeps over them",
  },
  async run(operands, options, terminal) {
    if (operands.length > 0) throw new UsageError(`takes no operand; found "${operands[0]}"`);
    const rows = NAMED_POLICIES.map(({ name, aliases, summary }) => ({ name, aliases, summary }));
    if (switchOption(options, "json")) {
      await terminal.out(`${JSON.stringify(rows, null, 2)}\n`);
      return 0;
    }
    const names = rows.map(({ name, aliases }) => [name, ...aliases].join(", "));
    const column = 2 + Math.max(...names.map((name) => name.length));
    const lines = rows.map(({ summary }, i) => `${names[i].padEnd(column)}${summary}\n`);
    await terminal.out(lines.join(""));
    return 0;
  },
};
