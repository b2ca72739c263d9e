import type { Command } from "../command.ts";
import { flowsCommand } from "./flows.ts";
import { generateCommand } from "./generate.ts";
import { policiesCommand } from "./policies.ts";
import { replayCommand } from "./replay.ts";

/** Every command of `anypin`, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  replayCommand,
  flowsCommand,
  generateCommand,
  policiesCommand,
];
