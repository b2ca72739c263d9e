/** What is begun before a command is loaded, if its line looks as if that were wanted. */
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Smaller captures are read before a thread has begun. */
export const WORTH_A_THREAD = 16e6;

/** Begins the connection table's thread for a command with `words`, as it will decide itself. */
export async function beginTable(words: readonly string[]): Promise<void> {
  const at = words.findIndex((word) => /^--threads(=|$)/.test(word));
  const told = at < 0 ? null : Number(words[at].split("=")[1] ?? words[at + 1]);
  if (!((told ?? availableParallelism()) >= 2)) return;
  if (told === null && sizeOf(words) < WORTH_A_THREAD) return;
  const { beginTableProgram } = await import("../../traces/threads/table-program.ts");
  beginTableProgram();
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
