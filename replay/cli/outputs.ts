/** Files that a command writes, told apart from those it reads. */
import { statSync } from "node:fs";
import { UsageError } from "./command.ts";

/** `device:inode` of a file; null for what is no file on disk, or not there yet. */
function identity(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() ? `${stat.dev}:${stat.ino}` : null;
}

/**
 * Sees to it that no output overwrites an input, whatever name either goes by.
 * @throws {UsageError} naming the option, as in `--out`, whose file is an operand too
 */
export function keepInputs(
  operands: readonly string[],
  outputs: readonly (readonly [option: string, path: string | undefined])[],
): void {
  const inputs = new Set(operands.filter((name) => name !== "-").map(identity));
  for (const [option, path] of outputs) {
    if (path === undefined || path === "-") continue;
    const file = identity(path);
    if (file !== null && inputs.has(file)) {
      throw new UsageError(`${option}: expected another file than those read; found "${path}"`);
    }
  }
}
