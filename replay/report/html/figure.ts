/**
 * A figure as data: what is drawn at report time and drawn again by the page, what its CSV holds.
 * `browser/option.js` makes an ECharts option of it, in Node and in the page alike.
 */

/** One curve, step line or set of bars. */
export interface Series {
  /** What it is called in legend, tooltip and CSV; the same in every mode of a figure. */
  name: string;
  /** Index into the palette, and into the list of line styles. */
  color: number;
  dash: number;
  /** Edges of bins (one more than `y`) for steps, points else; absent: the mode's `x`. */
  x?: readonly number[];
  y: readonly number[];
  /** Drawn thin and behind: theory beside measurement. */
  theory?: boolean;
}

export interface Axis {
  label: string;
  /** How its numbers are written. */
  unit: "percent" | "seconds" | "bytes" | "count" | "server";
  log?: boolean;
  /** A unit of time that the axis is divided by; its numbers stay seconds. */
  per?: { seconds: number; suffix: string };
}

/** One way to look at a figure: PDF, CDF, one policy of several. */
export interface Mode {
  id: string;
  label: string;
  /** `steps`: y over bins; `line`: from point to point; `bars`: one for each x. */
  shape: "steps" | "line" | "bars";
  xAxis: Axis;
  yAxis: Axis;
  x?: readonly number[];
  series: readonly Series[];
  /** Vertical lines with a word: events. */
  markers?: readonly { at: number; label: string }[];
}

export interface Figure {
  id: string;
  title: string;
  /** A sentence or two under the title. */
  caption: string;
  modes: readonly Mode[];
}

/** Six significant digits: what a picture can show, at half the bytes. */
export const tidy = (value: number): number => Number(value.toPrecision(6));

/** `mode` with the x that its series have in common said once. */
export function sharingX(mode: Mode): Mode {
  const longest = mode.series.reduce<readonly number[]>(
    (best, { x }) => (x && x.length > best.length ? x : best),
    [],
  );
  const series = mode.series.map(({ x, ...rest }) =>
    x?.every((value, i) => value === longest[i]) ? rest : { ...rest, ...(x && { x }) },
  );
  return { ...mode, x: longest, series };
}
