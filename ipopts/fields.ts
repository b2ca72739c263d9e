/** Reading the fields of an `OptionValue` back with their types checked. */
import type { FieldValue, OptionValue } from "./codec.ts";

const refuse = (option: OptionValue, field: string, wanted: string): never => {
  throw new RangeError(`${option.name}: field ${field} is not ${wanted}`);
};

/** A whole number in [0, limit], or a RangeError that names the field. */
export function numberField(option: OptionValue, field: string, limit: number): number {
  const value: FieldValue | undefined = option.value?.[field];
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > limit) {
    return refuse(option, field, `a whole number up to ${limit}`);
  }
  return value;
}

/** Text, or "" when the field is absent. */
export function textField(option: OptionValue, field: string): string {
  const value = option.value?.[field] ?? "";
  return typeof value === "string" ? value : refuse(option, field, "text");
}

/** A list of whole numbers in [0, limit]; an absent one is empty. */
export function numbersField(option: OptionValue, field: string, limit: number): number[] {
  const value = option.value?.[field] ?? [];
  if (!Array.isArray(value)) return refuse(option, field, "a list");
  return value.map((item: FieldValue) =>
    typeof item === "number" && Number.isInteger(item) && item >= 0 && item <= limit
      ? item
      : refuse(option, field, `a list of whole numbers up to ${limit}`),
  );
}

/** The pointer byte. */
export function pointerOf(option: OptionValue): number {
  const { pointer } = option;
  if (pointer === undefined || !Number.isInteger(pointer) || pointer < 0 || pointer > 255) {
    return refuse(option, "pointer", "a byte");
  }
  return pointer;
}

/** The address slots, or none. */
export const addressesOf = (option: OptionValue): readonly number[] => option.addresses ?? [];
