import type { Command } from "../command.ts";
import { checkCommand } from "./check.ts";
import { flowsCommand } from "./flows.ts";
import { generateCommand } from "./generate.ts";
import { policiesCommand } from "./policies.ts";
import { replayCommand } from "./replay.ts";
import { reproduceCommand } from "./reproduce.ts";

/** Every command of `anypin`, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  replayCommand,
  checkCommand,
  flowsCommand,
  generateCommand,
  reproduceCommand,
  policiesCommand,
];
