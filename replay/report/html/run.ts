/** What a report is made of: results, and how they came about. */
import type { ReplayResult } from "../../result.ts";

/** One result and the word it goes by where several are compared. */
export interface Run {
  name: string;
  result: ReplayResult;
}

/** How a replay was made; a result read from JSON has none of this. */
export interface Provenance {
  /** The command line, as it could be typed again. */
  command: string;
  /** Programs that took part, with versions. */
  versions: readonly string[];
  /** Every input; `sha256` is null for what could not be read twice (a pipe). */
  files: readonly { name: string; bytes: number | null; sha256: string | null }[];
  /** What was wrong with the input, a line each. */
  damage: readonly string[];
}
