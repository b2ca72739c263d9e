/**
 * Draws the README's picture: Figure 4(a) of the sample, as a report shows it.
 *
 * usage: node dist/bench/make-picture.js RESULT.json PICTURE.svg (`npm run picture`)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Charts } from "../replay/report/html/charts.ts";
import { imbalanceFigures } from "../replay/report/html/figures/imbalance.ts";
import { readResult } from "../replay/report/read-result.ts";

/** The picture of a result, as an SVG file. */
export function picture(json: string): string {
  const [figure] = imbalanceFigures([{ name: "sample", result: readResult(json) }]);
  const [, cdf] = figure.modes;
  const title = "Windows whose servers' active connections differ by less than so much of the mean";
  return new Charts().file(title, cdf);
}

const [, script, from, to] = process.argv;
if (script.endsWith("make-picture.js") && from && to)
  writeFileSync(to, picture(readFileSync(from === "-" ? 0 : from, "utf8")));
