/**
 * `npm run wasm`: compiles every folder `X/wasm` (AssemblyScript, entry `X.ts` there) into
 * `X/gen/X-wasm.ts`. With `--check` it writes nothing and says whether that would change anything.
 *
 * The compiler is fetched when it is needed: it is nearly as large as all else we need together,
 * and only who changes those folders needs it.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { projectPath } from "../test/support/project.ts";
import { sourcesHash, wasmFolders } from "./wasm-sources.ts";

const COMPILER = "assemblyscript@0.28.20";
const OPTIONS = [
  ..."-O3 --converge --noAssert --runtime stub --use abort= --enable threads --enable simd".split(
    " ",
  ),
  ..."--importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536".split(" "),
];

/** The compiler is not to be had here. */
class NoCompiler extends Error {}

/** What stands in the generated file. */
function compile(folder: string): string {
  const name = basename(folder);
  const into = mkdtempSync(join(tmpdir(), "anypin-wasm-"));
  try {
    const out = join(into, "out.wasm");
    const command = ["-y", "-p", COMPILER, "asc", `${folder}/wasm/${name}.ts`, "-o", out];
    const { status, stdout, stderr, error } = spawnSync("npx", [...command, ...OPTIONS], {
      cwd: projectPath("."),
      encoding: "utf8",
    });
    if (error) throw error;
    const trouble = /^npm (?:error|ERR!).*/m.exec(stderr);
    if (trouble) throw new NoCompiler(trouble[0]);
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    return generated(folder, readFileSync(out).toString("base64"));
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

const generated = (folder: string, base64: string): string =>
  `// Made from ${folder}/wasm by \`npm run wasm\`; not to be edited.
export const SOURCES = "${sourcesHash(folder)}";
export const WASM =
  "${base64}";
`;

const check = process.argv.includes("--check");

/** Compiles one folder, and writes what comes of it or says whether it is there. */
function run(folder: string): void {
  const file = projectPath(`${folder}/gen/${basename(folder)}-wasm.ts`);
  const text = compile(folder);
  if (check) {
    const same = readFileSync(file, "utf8") === text;
    console.log(`${folder}: ${same ? "what is committed is what its sources come to" : "DIFFERS"}`);
    if (!same) process.exitCode = 1;
    return;
  }
  mkdirSync(projectPath(`${folder}/gen`), { recursive: true });
  writeFileSync(file, text);
  console.log(`${folder}: ${text.length} bytes written`);
}

try {
  for (const folder of wasmFolders()) run(folder);
} catch (error) {
  if (!check || !(error instanceof NoCompiler)) throw error;
  console.log(`SKIPPED comparing compiled WebAssembly: no ${COMPILER} (${error.message})`);
}
