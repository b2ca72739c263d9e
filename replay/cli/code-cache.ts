/**
 * Files of the program, run from what V8 made of their text when it was built: compiling it anew takes
 * a tenth of the time that a small capture takes. Node does this by itself from version 22 on, if it is
 * told to (`module.enableCompileCache`); here it is done for every version.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { constants, Script } from "node:vm";

/** What Node wraps a CommonJS module in. */
type Wrapped = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

const cacheOf = (path: string): string => `${path}.cache`;

/**
 * What was kept of the file at `path`, if anything was since its text was written: V8 itself looks at
 * nothing but the length of that.
 */
function keptOf(path: string): Buffer | undefined {
  const cache = cacheOf(path);
  try {
    return statSync(cache).mtimeMs > statSync(path).mtimeMs ? readFileSync(cache) : undefined;
  } catch {
    return undefined;
  }
}

/** CommonJS modules of one folder, which ask for each other as `./NAME`. */
export class CachedProgram {
  readonly #folder: string;
  readonly #node: NodeJS.Require;
  readonly #modules = new Map<string, { exports: unknown }>();
  readonly #scripts = new Map<string, Script>();

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
    const module = { exports: {} as unknown };
    this.#modules.set(path, module);
    const run = this.#script(path).runInThisContext() as Wrapped;
    run(module.exports, (other) => this.require(other), module, path, dirname(path));
    return module.exports;
  }

  /** Keeps what has been compiled up to now beside the files that have been run. */
  keep(): void {
    for (const [path, script] of this.#scripts) {
      writeFileSync(cacheOf(path), script.createCachedData());
    }
  }

  /** How many of the files that have been run came out of their caches. */
  get cached(): number {
    return [...this.#scripts.values()].filter((script) => script.cachedDataRejected === false)
      .length;
  }

  #script(path: string): Script {
    const script = new Script(Module.wrap(readFileSync(path, "utf8")), {
      filename: path,
      cachedData: keptOf(path),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    this.#scripts.set(path, script);
    return script;
  }
}
