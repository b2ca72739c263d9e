import { beginTable } from "../ahead.ts";
import type { Command, CommandEntry } from "../command.ts";

/** Connections are followed in a thread, which takes as long to begin as its command to load. */
const ahead = beginTable;

/**
 * Every command of `anypin`, in the order in which help lists them. A command is loaded when it is
 * asked for, with all that it needs: starting is mostly loading.
 */
export const COMMANDS: readonly CommandEntry[] = [
  { name: "replay", load: async () => (await import("./replay.ts")).replayCommand, ahead },
  { name: "check", load: async () => (await import("./check.ts")).checkCommand },
  { name: "flows", load: async () => (await import("./flows.ts")).flowsCommand, ahead },
  { name: "generate", load: async () => (await import("./generate.ts")).generateCommand },
  { name: "reproduce", load: async () => (await import("./reproduce.ts")).reproduceCommand },
  { name: "report", load: async () => (await import("./report.ts")).reportCommand },
  { name: "walk", load: async () => (await import("./walk.ts")).walkCommand },
  { name: "policies", load: async () => (await import("./policies.ts")).policiesCommand },
  { name: "completion", load: async () => (await import("./completion.ts")).completionCommand },
  { name: "man", load: async () => (await import("./man.ts")).manCommand },
];

/** The declarations of `entries`, in their order: for help and whatever else shows all of them. */
export const loadCommands = (
  entries: readonly CommandEntry[] = COMMANDS,
): Promise<readonly Command[]> => Promise.all(entries.map((entry) => entry.load()));
