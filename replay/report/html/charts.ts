/**
 * Pictures at report time: Apache ECharts without a document, drawing the same options as the page.
 * The library and the page's scripts are data to this program, read from beside the sources.
 */
import { createContext, runInContext } from "node:vm";
import { asset } from "./assets.ts";
import type { Mode } from "./figure.ts";

interface Chart {
  setOption(option: unknown): void;
  renderToSVGString(): string;
  dispose(): void;
}

interface Drawing {
  init(element: null, theme: null, options: object): Chart;
  option(mode: Mode, hidden: Set<string>, narrow: boolean): unknown;
  version: string;
  file(
    drawing: string,
    width: number,
    height: number,
    title: string,
    shown: Mode["series"],
    colorOf: (name: string) => string,
  ): string;
}

/** Logical size of a static picture; it scales with the page. */
const PICTURE_WIDTH = 860;
const PICTURE_HEIGHT = 360;

export class Charts {
  /** The library's version. */
  readonly version: string;
  private readonly drawing: Drawing;

  constructor() {
    const context = createContext({ console, setTimeout, clearTimeout });
    const source = `${asset("vendor/echarts.min.js")}\n${asset("browser/option.js")}\n${asset("browser/download.js")}
      ({ file: svgFile, init: echarts.init, version: echarts.version, option: optionOf })`;
    this.drawing = runInContext(source, context) as Drawing;
    this.version = this.drawing.version;
  }

  /** `mode` as an SVG element that scales to its container. Colours are CSS variables. */
  svg(mode: Mode): string {
    const chart = this.drawing.init(null, null, {
      renderer: "svg",
      ssr: true,
      width: PICTURE_WIDTH,
      height: PICTURE_HEIGHT,
    });
    chart.setOption(this.drawing.option(mode, new Set(), false));
    const svg = chart.renderToSVGString();
    chart.dispose();
    return (
      svg
        // The page's own charts count their clip paths from 0 again.
        .replace(/\bzr(?=\d)/g, "static")
        .replace(/(\d+\.\d)\d+/g, "$1")
        .replace(/ d="(M[\d .L-]+)"/g, (_, path: string) => ` d="${shortPath(path)}"`)
        .replace(/ width="\d+" height="\d+"/, "")
        .replace(/^<svg /, '<svg aria-hidden="true" ')
    );
  }

  /** `mode` as an SVG file that stands alone, in light colours. */
  file(title: string, mode: Mode): string {
    const size = ` width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" `;
    const colors = lightColors();
    return this.drawing.file(
      this.svg(mode).replace(" ", size),
      PICTURE_WIDTH,
      PICTURE_HEIGHT,
      title,
      mode.series,
      (name) => colors.get(name) ?? "currentColor",
    );
  }
}

/** The colours of the light style, by the names of their variables. */
function lightColors(): Map<string, string> {
  const [light] = asset("browser/style.css").split("}");
  return new Map(
    [...light.matchAll(/(--[a-z0-9]+): (#[0-9a-f]+)/g)].map(([, name, hex]) => [name, hex]),
  );
}

/** The same path with fewer characters: steps as H and V. */
function shortPath(path: string): string {
  let [fromX, fromY] = ["", ""];
  return path.replace(/([ML])(\S+) ([^ML]+)/g, (_, command: string, x: string, y: string) => {
    const sameX = command === "L" && x === fromX;
    const sameY = command === "L" && y === fromY;
    [fromX, fromY] = [x, y];
    return sameY ? `H${x}` : sameX ? `V${y}` : `${command}${x} ${y}`;
  });
}
