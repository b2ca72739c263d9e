/** What is wrong with an option, which byte, and by which rule. */

/** An error breaks the option, a warning breaks advice, a note is worth knowing. */
export type Severity = "error" | "warning" | "note";

export interface Fault {
  /** Stable name of the rule, kebab-case: `pointer-below-minimum`. */
  readonly code: string;
  /** Where the offending byte stands, in the view that was read. */
  readonly at: number;
  readonly severity: Severity;
  /** What was found and what was expected, one sentence without a full stop. */
  readonly message: string;
  /** The rule's source: an RFC's section or a kernel's function. */
  readonly source: string;
}

/** A fault that makes an option invalid. */
export const error = (code: string, at: number, message: string, source: string): Fault => ({
  code,
  at,
  severity: "error",
  message,
  source,
});

/** A fault that leaves the option usable. */
export const warning = (code: string, at: number, message: string, source: string): Fault => ({
  code,
  at,
  severity: "warning",
  message,
  source,
});

/** Something worth knowing that breaks no rule. */
export const note = (code: string, at: number, message: string, source: string): Fault => ({
  code,
  at,
  severity: "note",
  message,
  source,
});

/** `0x83` for 131. */
export const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
