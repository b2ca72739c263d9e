/** From a command line to an exit status: picks the command, and words every failure. */
import { LimitError, TraceError, visible } from "../../traces/errors.ts";
import { parseLine } from "./args.ts";
import {
  type Command,
  type CommandEntry,
  type ExitStatus,
  type Terminal,
  UsageError,
} from "./command.ts";
import { loadCommands } from "./commands/index.ts";
import { didYouMean } from "./suggest.ts";

/** A fault of the program itself, not of its input: EX_SOFTWARE of sysexits(3). */
const EXIT_BUG = 70;

/** Runs one command line (`words` without node and script) and tells what the process should say. */
export async function dispatch(
  words: readonly string[],
  commands: readonly CommandEntry[],
  terminal: Terminal,
): Promise<ExitStatus | typeof EXIT_BUG> {
  const [first, ...rest] = words;
  if (first === "--version") {
    const { VERSION } = await import("../version.ts");
    await terminal.out(`anypin ${VERSION}\n`);
    return 0;
  }
  if (first === "--help" || first === "-h" || (first === "help" && rest.length === 0)) {
    const { programHelp } = await import("./help.ts");
    await terminal.out(programHelp(await loadCommands(commands)));
    return 0;
  }
  if (first === undefined) {
    const { programHelp } = await import("./help.ts");
    terminal.err(programHelp(await loadCommands(commands)));
    return 2;
  }
  const name = first === "help" ? rest[0] : first;
  const entry = commands.find((known) => known.name === name);
  if (!entry) {
    const what = name.startsWith("-") ? "expected a command before option" : "unknown command";
    const hint = didYouMean(
      name,
      commands.map((known) => known.name),
    );
    terminal.err(`anypin: ${what} "${name}"${hint}\nusage: anypin COMMAND [options] …\n`);
    return 2;
  }
  if (first === "help") return runCommand(await entry.load(), ["--help"], terminal);
  await entry.ahead?.(rest);
  return runCommand(await entry.load(), rest, terminal);
}

async function runCommand(
  command: Command,
  words: readonly string[],
  terminal: Terminal,
): Promise<ExitStatus | typeof EXIT_BUG> {
  const say = (message: string) => terminal.err(`anypin ${command.name}: ${visible(message)}\n`);
  try {
    // Help is given even when the rest of the line is wrong: that is when it is asked for.
    if (words.includes("--help") || words.includes("-h")) {
      const { commandHelp } = await import("./help.ts");
      await terminal.out(commandHelp(command));
      return 0;
    }
    const { operands, options } = parseLine(command.options, words);
    return await command.run(operands, options, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      say(error.message);
      const { usageLine } = await import("./help.ts");
      terminal.err(`${usageLine(command)}\n`);
      return 2;
    }
    if (error instanceof TraceError || (error as Error).name === LimitError.name) {
      say((error as Error).message);
      return 3;
    }
    const { isSystemError, whatFailed } = await import("./system-error.ts");
    if (isSystemError(error)) {
      // Inputs report through TraceError: what is left is a place we were told to write to.
      say(`${error.path ?? "output"}: cannot be written: ${whatFailed(error)}`);
      return 2;
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    say(`internal error, please report it: ${message}`);
    terminal.err(process.env.ANYPIN_DEBUG ? `${stack}\n` : "ANYPIN_DEBUG=1 shows where\n");
    return EXIT_BUG;
  }
}
