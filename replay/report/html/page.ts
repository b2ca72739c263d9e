/**
 * A report as one HTML page: nothing is loaded, figures stand there as SVG before any script runs,
 * and its size follows bins, never the trace.
 */
import { asset } from "./assets.ts";
import { Charts } from "./charts.ts";
import { htmlDocument } from "./document.ts";
import type { Figure } from "./figure.ts";
import { distributionFigures } from "./figures/distributions.ts";
import { imbalanceFigures } from "./figures/imbalance.ts";
import { loadFigure } from "./figures/load.ts";
import { serversFigure } from "./figures/servers.ts";
import { ladderSection } from "./ladder.ts";
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
    ladderSection(runs),
    numbersSection(runs),
    ...figures.map((figure) => figureSection(figure, charts)),
    provenanceSection({ ...provenance, versions }),
  ];
  return htmlDocument(title, body.join("\n"), {
    data: [["figures", embedded(figures)]],
    packed: [["echarts", asset("vendor/echarts.min.js")]],
    scripts: ["option", "download", "unpack", "page"],
  });
}

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
