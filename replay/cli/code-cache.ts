/**
 * Files of the program, run from what V8 made of their text when it was built: compiling it anew takes
 * a tenth of the time that a small capture takes. Node does this by itself from version 22 on, if it is
 * told to (`module.enableCompileCache`); here it is done for every version.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** What a file is told of itself. */
interface OwnModule {
  exports: unknown;
  /** Imports a package; of itself, such a file is not allowed to without a warning. */
  import(id: string): Promise<unknown>;
}

/** What Node wraps a CommonJS module in. */
type Wrapped = (
  exports: unknown,
  require: (id: string) => unknown,
  module: OwnModule,
  filename: string,
  dirname: string,
) => void;

const cacheOf = (path: string): string => `${path}.cache`;

/** SHA-256, which stands before what is kept: of the text, and of what V8 made of it. */
const DIGEST_BYTES = 32;
const digestOf = (text: Buffer, code: Buffer): Buffer =>
  createHash("sha256").update(text).update(code).digest();

/** What was kept of the file at `path`, if it is whole and of this `text`: V8 itself looks at their lengths. */
function keptOf(path: string, text: Buffer): Buffer | undefined {
  try {
    const kept = readFileSync(cacheOf(path));
    const code = kept.subarray(DIGEST_BYTES);
    return digestOf(text, code).equals(kept.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** CommonJS modules of one folder, which ask for each other as `./NAME`. */
export class CachedProgram {
  readonly #folder: string;
  readonly #node: NodeJS.Require;
  readonly #modules = new Map<string, OwnModule>();
  readonly #scripts = new Map<string, { script: Script; text: Buffer }>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#node = createRequire(join(folder, "index.js"));
  }

  /**
   * Runs a module, unless that has been done, and returns its exports; what is no file of the folder is
   * Node's own or a package's. What V8 cannot use of a cache, made by another version of it or of
   * another text, it leaves alone.
   */
  require(id: string): unknown {
    if (!id.startsWith("./")) return this.#node(id);
    const path = join(this.#folder, id);
    const known = this.#modules.get(path);
    if (known) return known.exports;
    const module = { exports: {}, import: (other: string) => import(other) };
    this.#modules.set(path, module);
    const run = this.#script(path).runInThisContext() as Wrapped;
    run(module.exports, (other) => this.require(other), module, path, dirname(path));
    return module.exports;
  }

  /** Keeps what has been compiled up to now beside the files that have been run. */
  keep(): void {
    for (const [path, { script, text }] of this.#scripts) {
      const code = script.createCachedData();
      writeFileSync(cacheOf(path), Buffer.concat([digestOf(text, code), code]));
    }
  }

  /** How many of the files that have been run came out of their caches. */
  get cached(): number {
    const scripts = [...this.#scripts.values()];
    return scripts.filter(({ script }) => script.cachedDataRejected === false).length;
  }

  #script(path: string): Script {
    const text = readFileSync(path);
    const script = new Script(Module.wrap(text.toString()), {
      filename: path,
      cachedData: keptOf(path, text),
    });
    this.#scripts.set(path, { script, text });
    return script;
  }
}
