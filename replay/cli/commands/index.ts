import type { Command } from "../command.ts";
import { generateCommand } from "./generate.ts";
import { policiesCommand } from "./policies.ts";

/** Every command of `anypin`, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [generateCommand, policiesCommand];
