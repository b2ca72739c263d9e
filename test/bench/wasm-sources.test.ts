/** Compiled WebAssembly that is committed belongs to the sources that are committed. */
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sourcesHash, wasmFolders } from "../../bench/wasm-sources.ts";
import { projectPath } from "../support/project.ts";

test("what npm run wasm made is of the AssemblyScript as it stands", async () => {
  const folders = wasmFolders();
  assert.ok(folders.length > 0);
  for (const folder of folders) {
    const file = projectPath(`dist/${folder}/gen/${basename(folder)}-wasm.js`);
    const { SOURCES } = await import(pathToFileURL(file).href);
    assert.is(SOURCES, sourcesHash(folder), `${folder}/wasm has changed: npm run wasm`);
  }
});

test.run();
