/** One HTML file with everything in it: style, data, scripts. */
import { gzipSync } from "node:zlib";
import { asset } from "./assets.ts";
import { escaped } from "./markup.ts";

export interface Carried {
  /** JSON by the id of its element; `<` escaped already. */
  data?: readonly (readonly [string, string])[];
  /** Text by the id of its element, carried as gzip in base64: `browser/unpack.js` takes it out. */
  packed?: readonly (readonly [string, string])[];
  /** Files of `browser/`, joined into one script in this order. */
  scripts: readonly string[];
  /** Style sheets of `browser/` beside the common one. */
  styles?: readonly string[];
}

/** A page around `body`, which is whole before any script runs. */
export function htmlDocument(title: string, body: string, carried: Carried): string {
  const { data = [], packed = [], scripts, styles = [] } = carried;
  const elements = [
    ...data.map(([id, json]) => `<script type="application/json" id="${id}">${json}</script>`),
    ...packed.map(([id, text]) => {
      const bytes = gzipSync(text, { level: 9 }).toString("base64");
      return `<script type="text/plain" id="${id}">${bytes}</script>`;
    }),
  ];
  const ofEcharts = packed.some(([id]) => id === "echarts");
  const notice = ofEcharts
    ? "\n<!-- Carries Apache ECharts, Apache License 2.0: https://echarts.apache.org/ -->"
    : "";
  return `<!doctype html>${notice}
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
${["style", ...styles].map((name) => asset(`browser/${name}.css`)).join("\n")}</style>
</head>
<body>
<main>
${body}
</main>
${elements.join("\n")}
<script>
${scripts.map((name) => asset(`browser/${name}.js`)).join("\n")}</script>
</body>
</html>
`;
}
