// A figure's mode as an ECharts option. Runs twice: at report time for the static picture, and in
// the page. Colours are CSS variables, so light, dark and print need no second drawing.

const DASHES = ["solid", [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [1, 3], [12, 4], [6, 2, 2, 2]];
const DECIMAL = ["", "k", "M", "G", "T"];

/** Digits as many as are read, none for show. */
function tidyNumber(value, digits) {
  return String(Number(value.toPrecision(digits)));
}

/** A number with the unit of its axis: `12.5 %`, `3.2 MB`, `90 s`. */
function withUnit(value, unit, digits = 4) {
  if (unit === "percent") return `${tidyNumber(100 * value, digits)} %`;
  if (unit === "server") return `server ${value}`;
  if (unit === "seconds") {
    if (value !== 0 && Math.abs(value) < 1) return `${tidyNumber(1000 * value, digits)} ms`;
    return `${tidyNumber(value, digits)} s`;
  }
  let step = 0;
  let rest = value;
  while (Math.abs(rest) >= 1000 && step < DECIMAL.length - 1) {
    rest /= 1000;
    step++;
  }
  const suffix = unit === "bytes" ? `${DECIMAL[step]}B` : DECIMAL[step];
  return suffix ? `${tidyNumber(rest, digits)} ${suffix}` : tidyNumber(rest, digits);
}

/** Where a value stands on its axis: a logarithmic one is drawn as its exponent, long times in days. */
const place = (axis, value) => (axis.log ? Math.log10(value) : value / (axis.per?.seconds ?? 1));
const value = (axis, at) => (axis.log ? 10 ** at : at * (axis.per?.seconds ?? 1));

/** A value as its axis counts it: `1.5 d` of 129600 seconds. */
function onAxis(axis, value, digits = 4) {
  if (!axis.per) return withUnit(value, axis.unit, digits);
  return `${tidyNumber(value / axis.per.seconds, digits)} ${axis.per.suffix}`;
}

/** The points of one series; on a logarithmic axis a bin that begins at 0 begins a decade lower. */
function pointsOf(mode, series) {
  const { xAxis, shape } = mode;
  const raw = series.x ?? mode.x ?? [];
  const xs = xAxis.log && raw[0] === 0 ? [raw[1] / 10, ...raw.slice(1)] : raw;
  if (shape !== "steps") return series.y.map((y, i) => [place(xAxis, xs[i]), y]);
  const points = series.y.map((y, i) => [place(xAxis, xs[i]), y]);
  const last = series.y.length;
  if (last > 0) points.push([place(xAxis, xs[last]), series.y[last - 1]]);
  return points;
}

function seriesOption(mode, series, index) {
  const color = `var(--s${series.color % 8})`;
  const bars = mode.shape === "bars";
  return {
    id: series.name,
    name: series.name,
    type: bars ? "bar" : "line",
    data: pointsOf(mode, series),
    ...(bars
      ? {
          itemStyle: { color, borderColor: "var(--ink)", borderWidth: 0.5 },
          barMaxWidth: 28,
        }
      : {
          step: mode.shape === "steps" ? "end" : false,
          showSymbol: false,
          symbolSize: 7,
          lineStyle: {
            color,
            width: series.theory ? 1.2 : 1.8,
            type: DASHES[series.dash % DASHES.length],
          },
          itemStyle: { color },
          z: series.theory ? 1 : 2,
        }),
    emphasis: { disabled: true },
    animation: false,
    ...(index === 0 && mode.markers?.length
      ? {
          markLine: {
            silent: true,
            symbol: "none",
            animation: false,
            lineStyle: { color: "var(--ink)", type: [3, 3], width: 1 },
            label: { color: "var(--ink)", formatter: "{b}", position: "insideEndTop" },
            data: mode.markers.map(({ at, label }) => ({
              xAxis: place(mode.xAxis, at),
              name: label,
            })),
          },
        }
      : {}),
  };
}

function axisOption(axis, more) {
  return {
    type: "value",
    name: axis.label,
    nameLocation: "middle",
    nameTextStyle: { color: "var(--ink)", fontSize: 12 },
    axisLine: { show: true, onZero: false, lineStyle: { color: "var(--faint)" } },
    axisTick: { show: true, lineStyle: { color: "var(--faint)" } },
    splitLine: { lineStyle: { color: "var(--grid)" } },
    axisLabel: {
      color: "var(--ink)",
      fontSize: 11,
      hideOverlap: true,
      formatter: (at) =>
        onAxis(axis, value(axis, at), axis.unit === "seconds" && !axis.per ? 6 : 3),
    },
    ...(axis.log ? { minInterval: 1, maxInterval: 1 } : {}),
    ...more,
  };
}

/** What the pointer, or the arrow keys, read: x, then a line for each series there. */
function tooltipText(mode, items) {
  const at = items[0].value[0];
  const head = onAxis(mode.xAxis, value(mode.xAxis, at));
  const lines = items.map(({ seriesName, value: [, y] }) => {
    const shown = withUnit(y, mode.yAxis.unit);
    return `${seriesName}: ${shown}`;
  });
  return [`${mode.xAxis.label}: ${head}`, ...lines];
}

/** The smallest and largest x of the series that are shown, as places on the axis. */
function extentOf(mode, shown) {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const series of shown) {
    for (const [at] of pointsOf(mode, series)) {
      if (at < low) low = at;
      if (at > high) high = at;
    }
  }
  return low < high ? [low, high] : [0, 1];
}

/** ECharts' option for `mode` without the series named in `hidden`. */
function optionOf(mode, hidden, narrow) {
  const shown = mode.series.filter(({ name }) => !hidden.has(name));
  const bars = mode.shape === "bars";
  const [min, max] = extentOf(mode, mode.series);
  const left = narrow ? 58 : 74;
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { fontFamily: "system-ui, sans-serif" },
    grid: { left, right: narrow ? 16 : 28, top: 22, bottom: 48 },
    xAxis: bars
      ? axisOption(mode.xAxis, {
          type: "category",
          data: mode.x.map((server) => String(server)),
          nameGap: 28,
          axisLabel: { color: "var(--ink)", fontSize: 11, hideOverlap: true },
        })
      : axisOption(mode.xAxis, { min, max, nameGap: 28, splitNumber: narrow ? 4 : 8 }),
    yAxis: axisOption(mode.yAxis, { min: 0, nameGap: left - 18, splitNumber: 5 }),
    dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none", zoomOnMouseWheel: "ctrl" }],
    tooltip: {
      trigger: "axis",
      confine: true,
      renderMode: "html",
      backgroundColor: "var(--paper)",
      borderColor: "var(--faint)",
      textStyle: { color: "var(--ink)", fontSize: 12 },
      axisPointer: { type: "line", lineStyle: { color: "var(--faint)" } },
      formatter: (items) =>
        tooltipText(mode, Array.isArray(items) ? items : [items])
          .map((line) => line.replace(/&/g, "&amp;").replace(/</g, "&lt;"))
          .join("<br>"),
    },
    series: shown.map((series, i) =>
      bars ? { ...seriesOption(mode, series, i), data: series.y } : seriesOption(mode, series, i),
    ),
  };
}
