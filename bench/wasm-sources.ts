/** Folders of AssemblyScript, and what tells whether the compiled code belongs to them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { projectPath } from "../test/support/project.ts";

/** Folders X that have AssemblyScript in `X/wasm`, as project paths in order. */
export const wasmFolders = (): string[] =>
  ["traces", "replay"]
    .flatMap((room) =>
      readdirSync(projectPath(room), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith("/wasm"))
        .map((path) => `${room}/${path.slice(0, -"/wasm".length)}`),
    )
    .sort();

/** The files of a folder's AssemblyScript and those elsewhere that they import, as project paths. */
function sourcesOf(folder: string): string[] {
  const sources = readdirSync(projectPath(`${folder}/wasm`))
    .sort()
    .map((name) => `${folder}/wasm/${name}`);
  for (const path of sources) {
    for (const [, target] of textOf(path).matchAll(/ from "(\.[^"]+)";/g)) {
      const imported = normalize(join(dirname(path), target));
      if (!sources.includes(imported)) sources.push(imported);
    }
  }
  return sources;
}

const textOf = (path: string): string => readFileSync(projectPath(path), "utf8");

/** SHA-256 over the names and texts of all that a folder's AssemblyScript is made of. */
export function sourcesHash(folder: string): string {
  const hash = createHash("sha256");
  for (const path of sourcesOf(folder)) hash.update(`${basename(path)}\n${textOf(path)}`);
  return hash.digest("hex");
}
