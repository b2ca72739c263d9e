/** The command line of one command, read by its declared options. */
import { parseArgs } from "node:util";
import { type OptionSpec, type OptionValues, UsageError } from "./command.ts";
import { didYouMean } from "./suggest.ts";

/** Options that every command has. */
export const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: "json", help: "print the result as JSON on stdout" },
  { name: "quiet", help: "no progress and no warnings on stderr" },
  { name: "help", help: "this text" },
];

export interface ParsedLine {
  operands: readonly string[];
  options: OptionValues;
}

/**
 * Splits the words after a command's name into operands and options. Options may stand anywhere;
 * `--` ends them; `-` alone is an operand; the last of several values of one option counts.
 * Throws `UsageError` on an unknown option, a missing or superfluous value, an unknown choice.
 */
export function parseLine(specs: readonly OptionSpec[], words: readonly string[]): ParsedLine {
  const byName = new Map([...specs, ...COMMON_OPTIONS].map((spec) => [spec.name, spec]));
  const declared: Record<string, { type: "string" | "boolean"; multiple: true; short?: string }> =
    {};
  for (const spec of byName.values()) {
    declared[spec.name] = { type: spec.value ? "string" : "boolean", multiple: true };
  }
  declared.help = { type: "boolean", multiple: true, short: "h" };
  const { tokens } = parseArgs({
    args: [...words],
    options: declared,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const options: Record<string, string | boolean | string[]> = {};
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const spec = byName.get(token.name);
    if (!spec) {
      const hint = didYouMean(token.name, byName.keys()).replace('"', '"--');
      throw new UsageError(`unknown option ${token.rawName}${hint}`);
    }
    const value = readValue(spec, token.value);
    if (spec.repeatable) {
      const list = options[spec.name];
      options[spec.name] = Array.isArray(list) ? [...list, String(value)] : [String(value)];
    } else {
      options[spec.name] = value;
    }
  }
  return { operands, options };
}

function readValue(spec: OptionSpec, value: string | undefined): string | true {
  if (!spec.value) {
    if (value !== undefined) throw new UsageError(`--${spec.name} takes no value`);
    return true;
  }
  if (value === undefined || value === "") {
    throw new UsageError(`--${spec.name} needs a value: ${spec.value}`);
  }
  if (spec.choices && !spec.choices.includes(value)) {
    const known = spec.choices.join(", ");
    throw new UsageError(
      `--${spec.name}: expected ${known}; found "${value}"${didYouMean(value, spec.choices)}`,
    );
  }
  return value;
}
