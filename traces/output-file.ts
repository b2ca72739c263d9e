/** A file that is written from its beginning to its end. */
import { closeSync, openSync, writeSync } from "node:fs";

/** Lets a system error of `act` name `what`, which it does not where a descriptor was all that was used. */
export function naming<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path: what }) : error;
  }
}

export class OutputFile {
  readonly #path: string;
  readonly #descriptor: number;

  /** Creates `path`, or empties it. It and `write` throw the system's error, which names the file. */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, "w");
  }

  write(bytes: Uint8Array): void {
    naming(this.#path, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    });
  }

  close(): void {
    naming(this.#path, () => closeSync(this.#descriptor));
  }
}

/** Makes `path` hold just `text`. */
export function writeText(path: string, text: string): void {
  const file = new OutputFile(path);
  file.write(Buffer.from(text));
  file.close();
}
