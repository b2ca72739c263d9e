/**
 * A command of `anypin` as data. Help, usage lines, suggestions, shell completion and the man page
 * are all made from these declarations; nothing about an option is written twice.
 */

/** What an option takes: nothing, one word, or a word each time it is given. */
export interface OptionSpec {
  name: string;
  /** Placeholder of its value in help (`N`, `FILE`); absent for a switch. */
  value?: string;
  repeatable?: boolean;
  /** Text of the default, for help. */
  default?: string;
  /** Every word it accepts, for errors and completion. */
  choices?: readonly string[];
  /**
   * What to complete its value with, where that is not all it accepts. `list`: several, with commas
   * between; `or-file`: one, or a file; `point`: one, `=`, and a file.
   */
  completes?: { as: "list" | "or-file" | "point"; words: readonly string[] };
  /** One line. */
  help: string;
}

/** What an option came to after parsing; switches are `true`, repeatable ones lists. */
export type OptionValues = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>;

/** Where a command reads and writes: a test hands in its own. */
export interface Terminal {
  /** Data. Resolves when the reader has taken it, so that a slow pipe holds the command back. */
  out(text: string | Uint8Array): Promise<void>;
  /** Talk: progress, warnings, errors. */
  err(text: string): void;
  /** Columns to draw in, when stdout is a terminal; null when it is not. */
  readonly columns: number | null;
  /** Whether talk may redraw its line: stderr is a terminal. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Aborted by Ctrl-C: stop reading, report what there is. */
  readonly interrupted: AbortSignal;
}

/** 0 done, 1 invalid packets found, 2 wrong command line, 3 input not read to its end. */
export type ExitStatus = 0 | 1 | 2 | 3;

export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What follows the name in the usage line, options apart: `CAPTURE…`. */
  operands: string;
  options: readonly OptionSpec[];
  /** What else there is to know, a paragraph each. */
  notes?: readonly string[];
  /** A worked example: the command line, then what it is for. */
  example: { line: string; about: string };
  run(operands: readonly string[], options: OptionValues, terminal: Terminal): Promise<ExitStatus>;
}

/** A command by its name; the rest of it is loaded on demand. */
export interface CommandEntry {
  name: string;
  load(): Promise<Command>;
  /** Begins what takes its time in the background while the rest is loaded, for a line with `words`. */
  ahead?(words: readonly string[]): Promise<unknown>;
}

/** The command line is wrong: shown with the usage line, status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
