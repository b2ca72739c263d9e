/** The scenarios that come with the program. */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/** Compiled files are at `dist/replay/cli/`. */
const BUNDLED = new URL("../../../scenarios/", import.meta.url);

/** Their names. */
export const bundledScenarios = (): string[] =>
  readdirSync(BUNDLED)
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();

/** The file of one. */
export const bundledScenario = (name: string): string =>
  fileURLToPath(new URL(`${name}.json`, BUNDLED));
