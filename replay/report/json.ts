/** A replay's result as JSON. */
import type { ReplayResult } from "../result.ts";

/** Significant digits of series and shares, which are drawn and not counted with. */
const DIGITS = 6;
const DRAWN = new Set(["edges", "shares", "active"]);
/**
 * Significant digits of every other number: the order in which equal windows were summed up, which
 * depends on how the trace was read, shows only behind these.
 */
const KEPT = 12;

/** Indented JSON, lists of numbers on one line each, ending in a newline. */
export function json(result: ReplayResult): string {
  return `${written(result, "\n", false)}\n`;
}

/**
 * A value as `JSON.stringify` writes it with an indentation of two, lists of numbers excepted: a
 * result is mostly those, and calling back for each number takes longer than all the rest.
 * `newline` begins a line as deep as the value is.
 */
function written(value: unknown, newline: string, drawn: boolean): string {
  if (typeof value === "number") return number(value, drawn);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${newline}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const items = value.map((item) => written(item, deeper, drawn));
    const isPlain = value.every((item) => typeof item === "number" || item === null);
    return isPlain ? `[${items.join(", ")}]` : `[${deeper}${items.join(`,${deeper}`)}${newline}]`;
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => {
      return `${JSON.stringify(key)}: ${written(member, deeper, drawn || DRAWN.has(key))}`;
    });
  return members.length === 0 ? "{}" : `{${deeper}${members.join(`,${deeper}`)}${newline}}`;
}

function number(value: number, drawn: boolean): string {
  if (!Number.isFinite(value)) return "null";
  if (drawn) return String(Number(value.toPrecision(DIGITS)));
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(KEPT)));
}
