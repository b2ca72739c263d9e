/** Folders of AssemblyScript, and what tells whether the compiled code belongs to them. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
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

/** SHA-256 over the names and texts of a folder's AssemblyScript. */
export function sourcesHash(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(projectPath(`${folder}/wasm`)).sort()) {
    hash.update(`${name}\n${readFileSync(projectPath(`${folder}/wasm/${name}`), "utf8")}`);
  }
  return hash.digest("hex");
}
