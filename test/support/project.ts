/** Where things lie. Tests run from dist/, so paths are found from here and nowhere else. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The project's root, without a slash at the end. */
export const projectRoot = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** A file or folder of the project by its path from the root. */
export const projectPath = (path: string): string => `${projectRoot}/${path}`;

/** A path under `../shared`, the captures and recordings that are not ours to copy. */
export const sharedPath = (path: string): string => `${projectRoot}/../shared/${path}`;

/**
 * Says loudly, once a call, that a test is skipped. The runner repeats such lines, so that a skip
 * is seen even when everything passes.
 */
export function announceSkip(what: string, why: string): void {
  process.stdout.write(`\nSKIPPED ${what}: ${why}\n`);
}

/** True when `../shared/PATH` is here; otherwise announces what is skipped for want of it. */
export function haveShared(path: string, what: string): boolean {
  if (existsSync(sharedPath(path))) return true;
  announceSkip(what, `../shared/${path} is not here`);
  return false;
}
