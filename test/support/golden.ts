/** Golden files: text a reviewer can read, rewritten with UPDATE_GOLDEN=1. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as assert from "uvu/assert";
import { projectPath } from "./project.ts";

/** Compares `actual` with `test/golden/NAME`, or writes it there when asked to. */
export function matchesGolden(name: string, actual: string): void {
  const path = projectPath(`test/golden/${name}`);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  if (!existsSync(path)) assert.unreachable(`${path} is missing; run with UPDATE_GOLDEN=1`);
  assert.fixture(actual, readFileSync(path, "utf8"), `differs from test/golden/${name}`);
}
