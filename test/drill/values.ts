/** Arguments of calls as JavaScript values, and results held against what a script expects. */
import { constant } from "./constants.ts";
import { DrillFailure, Unsupported, type Value } from "./model.ts";

/** The number of an argument; names are looked up, `|` and htons taken. */
export function numberOf(value: Value | undefined, line: number): number {
  switch (value?.kind) {
    case "number":
      return value.value;
    case "name": {
      const found = constant(value.name);
      if (found === undefined) throw new Unsupported(value.name, line);
      return found;
    }
    case "or":
      return value.parts.reduce((bits, part) => bits | numberOf(part, line), 0);
    case "call":
      if (/^(htons|htonl|ntohs|ntohl)$/.test(value.name)) return numberOf(value.args[0], line);
      throw new Unsupported(`${value.name}()`, line);
    case "list":
      if (value.items.length === 1) return numberOf(value.items[0], line);
  }
  throw new DrillFailure(line, `expected a number, found ${valueText(value)}`);
}

/** The name of an argument: `SO_RCVBUF`. */
export function nameOf(value: Value | undefined, line: number): string {
  if (value?.kind === "name") return value.name;
  throw new DrillFailure(line, `expected a name, found ${valueText(value)}`);
}

/** True when `found` is what the script wrote; `...` is anything. */
export function agrees(expected: Value | undefined, found: number | string, line: number): boolean {
  if (!expected) throw new DrillFailure(line, `expected a value, found ${valueText(expected)}`);
  if (expected.kind === "any") return true;
  if (expected.kind === "list") {
    return expected.items.length === 1 && agrees(expected.items[0], found, line);
  }
  if (typeof found === "string") {
    if (expected.kind === "name") return expected.name === found;
    return expected.kind === "text" && expected.text === found;
  }
  // An error's name where there is no error.
  if (expected.kind === "name" && constant(expected.name) === undefined) return false;
  return numberOf(expected, line) === found;
}

/** A value as a script writes it. */
export function valueText(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
      return "nothing";
    case "any":
      return "...";
    case "number":
      return String(value.value);
    case "name":
      return value.name;
    case "text":
      return JSON.stringify(value.text);
    case "or":
      return value.parts.map(valueText).join("|");
    case "list":
      return `[${value.items.map(valueText).join(", ")}]`;
    case "struct":
      return `{${[...value.fields].map(([name, each]) => `${name}=${valueText(each)}`).join(", ")}}`;
    case "call":
      return `${value.name}(${value.args.map(valueText).join(", ")})`;
  }
}
