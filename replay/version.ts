import { readFileSync } from "node:fs";
import { projectFile } from "../traces/project-file.ts";

/** The version in package.json. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const text = readFileSync(projectFile("package.json"), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}
