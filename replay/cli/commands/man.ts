import { VERSION } from "../../version.ts";
import { type Command, UsageError } from "../command.ts";
import { manPage } from "../man.ts";
import { switchOption } from "../option-values.ts";
import { loadCommands } from "./index.ts";

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
    const page = manPage(await loadCommands(), VERSION);
    await terminal.out(switchOption(options, "json") ? `${JSON.stringify({ page })}\n` : page);
    return 0;
  },
};
