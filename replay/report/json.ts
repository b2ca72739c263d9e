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
  const text = JSON.stringify(result, rounded, 2);
  const lines = text.replace(/\[\s+([^[\]{}"]*?)\s+\]/g, (_, items: string) => {
    return `[${items.replace(/,\s+/g, ", ")}]`;
  });
  return `${lines}\n`;
}

function rounded(key: string, value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value : digits(value, KEPT);
  if (!DRAWN.has(key) || !Array.isArray(value)) return value;
  return value.map(function round(item: unknown): unknown {
    if (Array.isArray(item)) return item.map(round);
    return typeof item === "number" ? digits(item, DIGITS) : item;
  });
}

const digits = (value: number, count: number): number => Number(value.toPrecision(count));
