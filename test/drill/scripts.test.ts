/** Every script of `test/scripts/` passes, and the stack sends nothing that a script does not expect. */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectPath } from "../support/project.ts";
import { drill } from "./drill.ts";

const folder = projectPath("test/scripts");
const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pkt"))
  .sort();

for (const name of scripts) {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  const title = /^\/\/ (.*)/.exec(text)?.[1] ?? "";
  test(`${name}: ${title}`, () => {
    const verdict = drill(text, { strict: true });
    assert.is(verdict.kind, "ok", `line ${verdict.line}: ${verdict.message}`);
    assert.equal(verdict.notes, []);
    assert.ok(title, "the first line says what the script is about");
  });
}

test.run();
