/** `--scenario NAME|FILE.json`: a bundled scenario, or one of the user's own. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { projectFile } from "../../traces/project-file.ts";
import { ScenarioError } from "../emulation/scenario/located-json.ts";
import { readScenario } from "../emulation/scenario/read-scenario.ts";
import type { Scenario } from "../emulation/scenario/scenario.ts";
import { SCENARIO_NAMES } from "../experiment.ts";
import { UsageError } from "./command.ts";
import { didYouMean } from "./suggest.ts";

/**
 * Reads a scenario: a bundled one by name, anything with a slash or ending in `.json` from a file.
 * @throws {UsageError} when there is none, or what is wrong with it
 */
export function loadScenario(text: string): Scenario {
  const isFile = text.includes("/") || text.endsWith(".json");
  const known = SCENARIO_NAMES;
  if (!isFile && !known.some((name) => name === text)) {
    const hint = existsSync(text) ? `; did you mean "./${text}"?` : didYouMean(text, known);
    throw new UsageError(
      `--scenario: expected a file, or ${known.join(", ")}; found "${text}"${hint}`,
    );
  }
  const path = isFile ? text : fileURLToPath(projectFile(`scenarios/${text}.json`));
  try {
    return readScenario(readFileSync(path, "utf8"), basename(path, ".json"));
  } catch (error) {
    if (error instanceof ScenarioError) throw new UsageError(`${text}: ${error.message}`);
    if (error instanceof Error && "code" in error) {
      throw new UsageError(`--scenario: ${text} cannot be read (${String(error.code)})`);
    }
    throw error;
  }
}
