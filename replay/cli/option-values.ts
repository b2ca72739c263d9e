/** Typed reading of parsed options, with errors that say what was expected and what was found. */
import { type OptionValues, UsageError } from "./command.ts";

interface NumberRules {
  /** Value when the option is not given. */
  fallback: number;
  /** Smallest and largest value accepted. */
  min?: number;
  max?: number;
  /** Whole numbers only. */
  integer?: boolean;
  /** Unit for messages: `seconds`. */
  unit?: string;
}

/** The number given for `--name`, within the rules. */
export function numberOption(options: OptionValues, name: string, rules: NumberRules): number {
  const text = options[name];
  if (typeof text !== "string") return rules.fallback;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rules;
  const whole = !rules.integer || Number.isInteger(value);
  if (Number.isFinite(value) && whole && value >= min && value <= max) return value;
  const kind = rules.integer ? "a whole number" : "a number";
  const unit = rules.unit ? ` of ${rules.unit}` : "";
  const range =
    Number.isFinite(min) && Number.isFinite(max)
      ? ` from ${min} to ${max}`
      : Number.isFinite(min)
        ? ` of at least ${min}`
        : "";
  throw new UsageError(`--${name}: expected ${kind}${unit}${range}; found "${text}"`);
}

/** The word given for `--name`, or undefined. */
export function stringOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

/** Every word given for a repeatable option. */
export function listOption(options: OptionValues, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Whether a switch was given. */
export function switchOption(options: OptionValues, name: string): boolean {
  return options[name] === true;
}
