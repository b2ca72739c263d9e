/** The manual page (man(7) macros), rendered from the declarations that --help is made from. */
import { COMMON_OPTIONS } from "./args.ts";
import type { Command, OptionSpec } from "./command.ts";
import { describeOption, EXIT_STATUS, PURPOSE, spelled } from "./help.ts";

/** Text as roff takes it: no control line, no escape by accident. */
const roff = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/gm, "\\&$1")
    .replace(/[^\n -~]/gu, (letter) => {
      const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase();
      return `\\[u${code.padStart(4, "0")}]`;
    });

const option = (spec: OptionSpec): string =>
  `.TP\n.B ${roff(spelled(spec))}\n${roff(describeOption(spec))}`;

/** Things that options name, with a line each. */
export interface Glossary {
  /** `DESIGNS`. */
  title: string;
  /** Which option takes them, and what they are. */
  about: string;
  entries: readonly (readonly [name: string, summary: string])[];
}

const glossarySection = ({ title, about, entries }: Glossary): string =>
  `.SH ${roff(title)}
${roff(about)}
${entries.map(([name, summary]) => `.TP\n.B ${roff(name)}\n${roff(summary)}`).join("\n")}
`;

/** The whole page, for section 1. */
export function manPage(
  commands: readonly Command[],
  glossaries: readonly Glossary[],
  version: string,
): string {
  const sections = commands.map(
    (command) => `.SS anypin ${roff(`${command.name} [options] ${command.operands}`.trimEnd())}
${roff(command.summary)}
${command.options.map(option).join("\n")}
${(command.notes ?? []).map((note) => `.PP\n${roff(note)}\n`).join("")}.PP
Example:
.B ${roff(command.example.line)}
.br
${roff(command.example.about)}`,
  );
  return `.TH ANYPIN 1 "" "anypin ${version}" "User Commands"
.SH NAME
anypin \\- replay recorded traffic against an IP anycast service
.SH SYNOPSIS
.B anypin
.I COMMAND
[options] \\&...
.SH DESCRIPTION
${roff(PURPOSE)}
.SH COMMANDS
${sections.join("\n")}
.SH OPTIONS OF EVERY COMMAND
${COMMON_OPTIONS.map(option).join("\n")}
${glossaries.map(glossarySection).join("")}.SH EXIT STATUS
${EXIT_STATUS.map(([status, meaning]) => `.TP\n.B ${status}\n${roff(meaning)}`).join("\n")}
.SH ENVIRONMENT
.TP
.B NO_COLOR
no colours, whatever it is set to
.TP
.B ANYPIN_DEBUG
shows where in the program an internal error was
`;
}
