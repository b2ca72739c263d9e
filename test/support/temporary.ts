/** A folder that a test writes into and takes away again. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Temporary {
  folder: string;
  /** Path of a file in it. */
  path(name: string): string;
  read(name: string): string;
  remove(): void;
}

export function temporary(): Temporary {
  const folder = mkdtempSync(join(tmpdir(), "anypin-test-"));
  const path = (name: string) => join(folder, name);
  return {
    folder,
    path,
    read: (name) => readFileSync(path(name), "utf8"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** SHA-256 of a file in hexadecimal. */
export const sha256 = (file: string): string =>
  createHash("sha256").update(readFileSync(file)).digest("hex");
