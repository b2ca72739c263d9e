/** Help and usage lines, rendered from the declarations of commands. */
import { COMMON_OPTIONS } from "./args.ts";
import type { Command, OptionSpec } from "./command.ts";

const WIDTH = 80;

/** What the program is for. */
export const PURPOSE =
  "Replays recorded traffic against an IP anycast service: which dispatch policy loads the servers " +
  "evenly, and which pin keeps every connection on its server.";

export const EXIT_STATUS: readonly (readonly [number, string])[] = [
  [0, "done"],
  [1, "invalid packets found"],
  [2, "wrong command line"],
  [3, "an input could not be read to its end"],
];

/** `--servers N`, `--json`. */
export const spelled = (option: OptionSpec): string =>
  option.value ? `--${option.name} ${option.value}` : `--${option.name}`;

/** One line: `usage: anypin replay [options] CAPTURE…`. */
export function usageLine(command: Command): string {
  return `usage: anypin ${command.name} [options]${command.operands ? ` ${command.operands}` : ""}`;
}

/** Breaks text at spaces into lines of at most `width`, continued under column `indent`. */
function wrap(text: string, indent: number, width: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > width - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

/** Its line of help with default and repetition. */
export function describeOption(option: OptionSpec): string {
  const notes = [
    ...(option.default === undefined ? [] : [`default ${option.default}`]),
    ...(option.repeatable ? ["repeatable"] : []),
  ];
  return notes.length ? `${option.help} (${notes.join(", ")})` : option.help;
}

/** `anypin COMMAND --help`. */
export function commandHelp(command: Command, width = WIDTH): string {
  const options = [...command.options, ...COMMON_OPTIONS];
  const column = 4 + Math.max(...options.map((option) => spelled(option).length));
  const rows = options.map(
    (option) =>
      `  ${spelled(option).padEnd(column - 2)}${wrap(describeOption(option), column, width)}`,
  );
  return `${usageLine(command)}

${wrap(command.summary, 0, width)}

${rows.join("\n")}

${(command.notes ?? []).map((note) => `${wrap(note, 0, width)}\n\n`).join("")}example: ${command.example.line}
  ${wrap(command.example.about, 2, width)}
`;
}

/** `anypin --help`. */
export function programHelp(commands: readonly Command[], width = WIDTH): string {
  const column = 4 + Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map(
    (command) => `  ${command.name.padEnd(column - 2)}${wrap(command.summary, column, width)}`,
  );
  return `usage: anypin COMMAND [options] …

${wrap(PURPOSE, 0, width)}

${rows.join("\n")}

  anypin COMMAND --help   options of one command, with an example
  anypin --version        version

${wrap(`exit status: ${EXIT_STATUS.map(([status, what]) => `${status} ${what}`).join(", ")}`, 13, width)}
`;
}
