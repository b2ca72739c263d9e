/**
 * The program in few files, `dist/anypin/`: Node takes longer to find and load a hundred modules than
 * to run a small capture through them. What replaying and listing a pcap file need, the usual job, is
 * one file; what any other job needs beside it is loaded when it is asked for. They are CommonJS
 * modules, which Node loads sooner than others.
 */
import { join } from "node:path";

const COMPILED = join(import.meta.dirname, "dist");

/** What the usual job loads, with all that these import by name. */
const CORE = [
  "replay/cli/commands/replay.js",
  "replay/cli/commands/flows.js",
  "replay/follow-capture.js",
  "replay/report/table.js",
  "traces/formats/pcap.js",
  "traces/listing/connection-listing.js",
  "traces/listing/line-style.js",
  "traces/listing/ordered-columns.js",
  "traces/threads/table-thread.js",
];
/** The program, and what is begun by itself: what begins the program, and the threads. */
const PROGRAM = "replay/cli/main.js";
const BEGINNINGS = {
  main: "replay/cli/start.js",
  "table-worker": "traces/threads/table-worker.js",
  "policy-worker": "replay/flow/policy-worker.js",
};

/** Whether the module `id` is one of `CORE` or imported by one. */
function inCore(id, { getModuleInfo }, known) {
  if (known.size === 0) {
    const add = (module) => {
      if (known.has(module)) return;
      known.add(module);
      for (const imported of getModuleInfo(module)?.importedIds ?? []) add(imported);
    };
    for (const path of CORE) add(join(COMPILED, path));
  }
  return known.has(id);
}

/** What is not named by a path is a package's or Node's own. */
const external = (id) => !/^[./]/.test(id);

/** What CommonJS modules are told by, and how they find the files beside them. */
const commonJs = {
  name: "commonjs-files",
  resolveImportMeta: (property) =>
    property === "url" ? 'require("node:url").pathToFileURL(__filename).href' : null,
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "package.json", source: '{ "type": "commonjs" }\n' });
  },
};

/** Packages are not CommonJS: what runs the program's files imports them (replay/cli/code-cache.ts). */
const packages = {
  name: "packages",
  renderDynamicImport: ({ targetModuleId }) =>
    targetModuleId !== null && external(targetModuleId)
      ? { left: "module.import(", right: ")" }
      : null,
};

/** V8 takes half the memory and less time for source text whose letters are a byte each. */
const ascii = {
  name: "ascii",
  renderChunk: (code) =>
    code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
};

const output = {
  dir: join(COMPILED, "anypin"),
  format: "cjs",
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
};

const known = new Set();
const program = {
  input: { program: join(COMPILED, PROGRAM) },
  external,
  plugins: [commonJs, packages, ascii],
  output: {
    ...output,
    manualChunks: (id, modules) => (inCore(id, modules, known) ? "core" : undefined),
  },
};

const beginning = ([name, path]) => ({
  input: { [name]: join(COMPILED, path) },
  external,
  plugins: [commonJs, ascii],
  output: { ...output, inlineDynamicImports: true },
});

export default [program, ...Object.entries(BEGINNINGS).map(beginning)];
