import { type Command, UsageError } from "../command.ts";
import { SHELLS } from "../completion/shells.ts";
import { switchOption } from "../option-values.ts";
import { didYouMean } from "../suggest.ts";
import { loadCommands } from "./index.ts";

/** `anypin completion SHELL`: a script that the shell completes command lines with. */
export const completionCommand: Command = {
  name: "completion",
  summary: "print a script for the shell to complete commands and options with",
  operands: Object.keys(SHELLS).join("|"),
  options: [],
  example: {
    line: "source <(anypin completion bash)",
    about: "for this shell; in ~/.bashrc for every one",
  },
  async run([shell, more], options, terminal) {
    const script = shell === undefined ? undefined : SHELLS[shell];
    if (!script || more !== undefined) {
      const known = Object.keys(SHELLS);
      const hint = shell === undefined ? "" : didYouMean(shell, known);
      const found = more === undefined ? (shell ?? "nothing") : `${shell} ${more}`;
      throw new UsageError(`expected ${known.join(", ")}; found "${found}"${hint}`);
    }
    const text = script(await loadCommands());
    await terminal.out(
      switchOption(options, "json") ? `${JSON.stringify({ shell, script: text })}\n` : text,
    );
    return 0;
  },
};
