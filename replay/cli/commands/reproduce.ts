import { setImmediate } from "node:timers/promises";
import { reproductionTable } from "../../report/reproduction-table.ts";
import { reproduceEngel98 } from "../../reproduce/engel98.ts";
import { type Command, UsageError } from "../command.ts";
import { numberOption, switchOption } from "../option-values.ts";

const ERASE_LINE = "\r\u001b[K";

/** `anypin reproduce engel98`: the paper's evaluation, published beside measured. */
export const reproduceCommand: Command = {
  name: "reproduce",
  summary: "run a paper's evaluation, published figures beside measured ones",
  operands: "engel98",
  options: [
    { name: "seeds", value: "N", default: "20", help: "how many segments, for the confidence" },
  ],
  example: {
    line: "anypin reproduce engel98",
    about: "figures 3 and 4: twenty minutes of the Olympic server over five servers, 20 times",
  },
  async run(operands, options, terminal) {
    const [paper, more] = operands;
    if (paper !== "engel98" || more !== undefined) {
      const found = operands.length === 0 ? "nothing" : `"${operands.join(" ")}"`;
      throw new UsageError(`needs the name of a paper, which is engel98; found ${found}`);
    }
    const seeds = numberOption(options, "seeds", {
      fallback: 20,
      min: 1,
      max: 1000,
      integer: true,
    });
    const shown = terminal.interactive && !switchOption(options, "quiet");
    const result = await reproduceEngel98(
      seeds,
      async (done) => {
        if (shown) terminal.err(`${ERASE_LINE}engel98: segment ${done} of ${seeds}`);
        // A turn of the event loop, or Ctrl-C is never heard.
        await setImmediate();
      },
      terminal.interrupted,
    );
    if (shown) terminal.err(ERASE_LINE);
    await terminal.out(
      switchOption(options, "json")
        ? `${JSON.stringify(result, null, 2)}\n`
        : reproductionTable(result),
    );
    return result.seeds < seeds ? 3 : 0;
  },
};
