/** What was found wrong with one file, as it is read. */
import type { Damage } from "./errors.ts";

/** Entries kept; a file broken in more places than anyone reads about is counted on. */
const KEPT = 1000;

export class DamageLog {
  readonly file: string;
  readonly entries: Damage[] = [];
  /** All of them, also those not kept. */
  count = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** Notes one fault; what is returned may still be told how many bytes were skipped. */
  add(fault: Omit<Damage, "file">): Damage {
    const entry = { file: this.file, ...fault };
    this.count++;
    if (this.entries.length < KEPT) this.entries.push(entry);
    return entry;
  }
}
