/** What is begun before a command is loaded, if its line looks as if that were wanted. */
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { TableProgram } from "../../traces/threads/table-program.ts";

/** Smaller captures are read before a thread has begun. */
const WORTH_A_THREAD = 16e6;

/** How many threads to use for captures of so many bytes: as many as was told, or as are worth it. */
export const threadsFor = (bytes: number, told: number | null): number =>
  told ?? (bytes >= WORTH_A_THREAD ? availableParallelism() : 1);

/** The connection table's thread, begun for a command with `words`; null when it will use none. */
export async function beginTable(words: readonly string[]): Promise<TableProgram | null> {
  const at = words.findIndex((word) => /^--threads(=|$)/.test(word));
  const told = at < 0 ? null : Number(words[at].split("=")[1] ?? words[at + 1]);
  if (!(threadsFor(sizeOf(words), told) >= 2)) return null;
  const { beginTableProgram } = await import("../../traces/threads/table-program.ts");
  return beginTableProgram();
}

/** Bytes of the files among `words`. */
const sizeOf = (words: readonly string[]): number =>
  words.reduce((sum, word) => sum + fileSize(word), 0);

function fileSize(word: string): number {
  try {
    const found = statSync(word);
    return found.isFile() ? found.size : 0;
  } catch {
    // Most words are no files, and who names one that cannot be looked at is told so by the command.
    return 0;
  }
}
