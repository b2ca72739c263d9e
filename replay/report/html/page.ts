/**
 * A report as one HTML page: nothing is loaded, figures stand there as SVG before any script runs,
 * and its size follows bins, never the trace.
 */
import { gzipSync } from "node:zlib";
import { asset, Charts } from "./charts.ts";
import type { Figure } from "./figure.ts";
import { distributionFigures } from "./figures/distributions.ts";
import { imbalanceFigures } from "./figures/imbalance.ts";
import { loadFigure } from "./figures/load.ts";
import { serversFigure } from "./figures/servers.ts";
import { embedded, escaped } from "./markup.ts";
import type { Provenance, Run } from "./run.ts";
import { numbersSection, provenanceSection, traceSection, verdictSection } from "./summary.ts";
import { survivalSection } from "./survival.ts";

/** Modes of one figure that are drawn ahead of the script; the rest are a switch away. */
const MOST_STATIC = 4;

/** The page of one run, or of several side by side. */
export function replayPage(runs: readonly Run[], provenance: Provenance): string {
  const charts = new Charts();
  const load = loadFigure(runs);
  const figures = [
    ...imbalanceFigures(runs),
    ...(load ? [load] : []),
    serversFigure(runs),
    ...distributionFigures(runs),
  ];
  const title =
    runs.length > 1
      ? `anypin: ${runs.map(({ name }) => name).join(", ")}`
      : `anypin: ${runs[0].result.trace.files.join(", ")}`;
  const versions = [...provenance.versions, `Apache ECharts ${charts.version}`];
  const body = [
    `<header><h1>${escaped(title)}</h1></header>`,
    verdictSection(runs),
    traceSection(runs),
    survivalSection(runs),
    numbersSection(runs),
    ...figures.map((figure) => figureSection(figure, charts)),
    provenanceSection({ ...provenance, versions }),
  ];
  return htmlDocument(title, body.join("\n"), figures);
}

/** A page around `body`; `figures` are what the script brings to life. */
export function htmlDocument(title: string, body: string, figures: readonly Figure[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
${asset("browser/style.css")}</style>
</head>
<body>
<main>
${body}
</main>
<script type="application/json" id="figures">${embedded(figures)}</script>
<!-- Apache ECharts, Apache License 2.0: https://echarts.apache.org/ -->
<script type="text/plain" id="echarts">${packed("vendor/echarts.min.js")}</script>
<script>
${asset("browser/option.js")}
${asset("browser/download.js")}
${asset("browser/page.js")}
</script>
</body>
</html>
`;
}

/** A library as gzip in base64: half the bytes, which `browser/page.js` unpacks. */
const packed = (name: string): string => gzipSync(asset(name), { level: 9 }).toString("base64");

function figureSection(figure: Figure, charts: Charts): string {
  const { id, title, caption, modes } = figure;
  const pictures = modes.slice(0, MOST_STATIC).map(
    (
      mode,
    ) => `<figure class="picture"><figcaption>${escaped(mode.label)}${legend(mode)}</figcaption>
<div role="img" aria-label="${escaped(`${title}, ${mode.label}: ${mode.yAxis.label} by ${mode.xAxis.label}`)}">${charts.svg(mode)}</div></figure>`,
  );
  return `<section class="figure" id="${id}"><h2>${escaped(title)}</h2>
<p class="caption">${escaped(caption)}</p>
<div class="static">${pictures.join("\n")}</div>
</section>`;
}

/** Names beside a piece of their line, for the static picture. */
function legend({ series }: Figure["modes"][number]): string {
  const items = series.map(
    ({ name, color, dash }) =>
      `<span class="key"><i class="line s${color % 8} d${dash % 8}"></i>${escaped(name)}</span>`,
  );
  return `<span class="legend">${items.join(" ")}</span>`;
}
