/** What options and operands complete with, whatever the shell. */
import { COMMON_OPTIONS } from "../args.ts";
import type { Command, OptionSpec } from "../command.ts";

/** `words`: one of some. `list`, `or-file`, `point`: see `OptionSpec.completes`. */
export type ValueKind = "words" | "list" | "or-file" | "point" | "file" | "folder" | "any";

/** What an option's value is. */
export function valueKind({ value, choices, completes }: OptionSpec): ValueKind {
  if (choices) return "words";
  if (completes) return completes.as;
  if (value === undefined) return "any";
  return value.includes("FILE") ? "file" : value === "DIR" ? "folder" : "any";
}

/** The words that an option's value is completed with. */
export const wordsOf = ({ choices, completes }: OptionSpec): string =>
  (choices ?? completes?.words ?? []).join(" ");

/** Operands that are words to choose from (`bash|zsh|fish`); none where they are files. */
export const operandWords = ({ operands }: Command): readonly string[] =>
  /^[a-z0-9|]+$/.test(operands) ? operands.split("|") : [];

export const takesFiles = (command: Command): boolean =>
  command.operands !== "" && operandWords(command).length === 0;

export const optionsOf = (command: Command): readonly OptionSpec[] => [
  ...command.options,
  ...COMMON_OPTIONS,
];

/** Within single quotes of a POSIX shell or zsh. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
