/**
 * A kernel profile is a table: rows of a condition and what happens then, per option and per
 * situation. `judge` is the one walk that runs every table.
 */
import type { WalkFault } from "../walk.ts";
import type { Case } from "./case.ts";

/** Asks something of the packet or the option under the walk. */
export type Condition = (c: Case) => boolean;

/** What a row does: go on with the next row, leave this table, or be done with the packet. */
export type Step = 0 | 1 | 2;
export const NEXT_ROW = 0;
export const LEAVE = 1;
export const DONE = 2;
export type Act = (c: Case) => Step;

export type Row = readonly [when: Condition, act: Act];
export type Rows = readonly Row[];

/** Options that some kernel treats in a way of its own; any other is skipped. */
export type OptionName =
  | "eol"
  | "sourceRoute"
  | "recordRoute"
  | "timestamp"
  | "routerAlert"
  | "cipso";

export interface Profile {
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** Before the options: addresses no packet may have, the input route where it comes first. */
  readonly arrived: Rows;
  /** Options are not looked at, as if there were none. */
  readonly ignoresOptions: Condition;
  /** Smallest length byte that passes. */
  readonly shortest: number;
  /** Byte that a parameter problem points at when the option at `at` cannot be delimited. */
  readonly faultPointer: Readonly<Record<WalkFault, number>>;
  /** Says the error about an option that cannot be delimited, `pointer` being the byte. */
  readonly malformed: (c: Case, pointer: number) => void;
  /** Rows for each option, in the order the option stands in the header. */
  readonly options: Readonly<Partial<Record<OptionName, Rows>>>;
  /** After the last option: source-routed through us, forwarded, delivered here. */
  readonly decided: Rows;
  /** Runs for an error that is about to be sent: a row that holds suppresses it. */
  readonly unsaid: readonly Condition[];
}

/** Runs rows until one leaves or is done. */
export function runRows(rows: Rows, c: Case): Step {
  for (const row of rows) {
    if (!row[0](c)) continue;
    const step = row[1](c);
    if (step !== NEXT_ROW) return step;
  }
  return LEAVE;
}
