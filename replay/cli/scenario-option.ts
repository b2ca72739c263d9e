/** `--scenario NAME|FILE.json`: a bundled scenario, or one of the user's own. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ScenarioError } from "../emulation/scenario/located-json.ts";
import { readScenario } from "../emulation/scenario/read-scenario.ts";
import type { Scenario } from "../emulation/scenario/scenario.ts";
import { bundledScenario, bundledScenarios } from "./bundled-scenarios.ts";
import { UsageError } from "./command.ts";
import { didYouMean } from "./suggest.ts";

/**
 * Reads a scenario: a bundled one by name, anything with a slash or ending in `.json` from a file.
 * @throws {UsageError} when there is none, or what is wrong with it
 */
export function loadScenario(text: string): Scenario {
  const isFile = text.includes("/") || text.endsWith(".json");
  const known = bundledScenarios();
  if (!isFile && !known.includes(text)) {
    throw new UsageError(
      `--scenario: expected a file, or ${known.join(", ")}; found "${text}"${didYouMean(text, known)}`,
    );
  }
  const path = isFile ? text : bundledScenario(text);
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
