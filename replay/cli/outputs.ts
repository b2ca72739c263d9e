/** Files that a command writes: told apart from those it reads and from each other, before it begins. */
import { closeSync, mkdirSync, openSync, realpathSync, statSync, unlinkSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "./command.ts";

/** An option and the file it names. */
export type Output = readonly [option: string, path: string | undefined];

/** One name for a file that is there or is to be made; null for what is no file on disk. */
function identity(path: string): string | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat) return stat.isFile() ? `${stat.dev}:${stat.ino}` : null;
  const folder = dirname(resolve(path));
  const there = statSync(folder, { throwIfNoEntry: false }) !== undefined;
  return join(there ? realpathSync(folder) : folder, basename(path));
}

/** As `identity`; null for a name under which nothing can be: who opens it says why. */
function inputIdentity(name: string): string | null {
  try {
    return identity(name);
  } catch {
    return null;
  }
}

/**
 * Sees to it that every output goes to a file of its own, that none overwrites an input, whatever
 * names they go by, and that none is standard output, where the result goes.
 * @throws {UsageError} naming the option, as in `--out`; the system's error for an impossible name
 */
export function distinctOutputs(inputs: readonly string[], outputs: readonly Output[]): void {
  const read = new Set(inputs.filter((name) => name !== "-").map(inputIdentity));
  const written = new Map<string, string>();
  for (const [option, path] of outputs) {
    if (path === undefined) continue;
    if (path === "-") {
      throw new UsageError(
        `${option}: expected a name on disk, as only the result goes to standard output; found "-"`,
      );
    }
    const file = identity(path);
    if (file === null) continue;
    if (read.has(file)) {
      throw new UsageError(`${option}: expected another file than those read; found "${path}"`);
    }
    const other = written.get(file);
    if (other !== undefined) {
      throw new UsageError(
        `${option}: expected another file than that of ${other}; found "${path}"`,
      );
    }
    written.set(file, option);
  }
}

/**
 * Throws the system's error when `path` cannot be written to, which is better known before long work
 * than after it. Leaves a file that is there as it is, and none that is not.
 */
export function probeOutput(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  // A pipe's reader would take its opening and closing for the whole output.
  if (stat && !stat.isFile() && !stat.isDirectory()) return;
  closeSync(openSync(path, "a"));
  // Of a link that leads nowhere yet, what was made is at its end.
  if (!stat) unlinkSync(realpathSync(path));
}

/**
 * Makes a folder and those it lies in. Node's own recursion never ends where a file system refuses new
 * folders with ENOENT, as /proc does.
 */
export function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(resolve(path));
  if (!statSync(parent, { throwIfNoEntry: false })) makeFolder(parent);
  mkdirSync(path);
}
