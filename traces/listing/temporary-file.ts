/** A file for what does not fit into memory: without a name, and gone when we are. */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { naming } from "../output-file.ts";

export class TemporaryFile {
  readonly #what: string;
  readonly #descriptor: number;

  /**
   * Creates it in the system's folder for such files, which TMPDIR names. It, `write` and `read` throw
   * the system's error, which names the folder.
   */
  constructor() {
    this.#what = `a temporary file in ${tmpdir()} (TMPDIR)`;
    this.#descriptor = naming(this.#what, () => {
      const folder = mkdtempSync(join(tmpdir(), "anypin-"));
      try {
        return openSync(join(folder, "rows"), "wx+", 0o600);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  /** Puts `bytes` at offset `at`. */
  write(bytes: Uint8Array, at: number): void {
    naming(this.#what, () => {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
      }
    });
  }

  /** Fills `bytes` from offset `at` on, up to the end of the file. */
  read(bytes: Uint8Array, at: number): void {
    naming(this.#what, () => {
      for (let done = 0; done < bytes.length; ) {
        const length = readSync(this.#descriptor, bytes, done, bytes.length - done, at + done);
        if (length === 0) break;
        done += length;
      }
    });
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
