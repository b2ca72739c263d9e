// Brings the figures to life: switches, zoom, reading by pointer and keys, downloads.

/** An element with attributes and children. */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

class LiveFigure {
  constructor(section, figure, library) {
    this.figure = figure;
    this.mode = figure.modes[0];
    this.hidden = new Set();
    this.cursor = -1;
    this.zoom = [0, 100];
    this.legend = element("div", { class: "bar", role: "group", "aria-label": "series" });
    this.reading = element("p", { class: "reading", "aria-live": "polite" });
    this.place = element("div", {
      class: "chart",
      tabindex: "0",
      role: "group",
      "aria-label": `${figure.title}: arrow keys read values, plus and minus zoom, 0 shows all`,
      onkeydown: (event) => this.key(event),
    });
    section.append(this.modeBar(), this.legend, this.place, this.reading, this.toolBar());
    section.classList.add("live");
    this.chart = library.init(this.place, null, { renderer: "svg" });
    this.chart.on("dataZoom", () => {
      const { start, end } = this.chart.getOption().dataZoom[0];
      this.zoom = [start, end];
    });
    new ResizeObserver(() => this.chart.resize()).observe(this.place);
    this.draw();
  }

  shown() {
    return this.mode.series.filter(({ name }) => !this.hidden.has(name));
  }

  draw() {
    const option = optionOf(this.mode, this.hidden, this.place.clientWidth < 560);
    [option.dataZoom[0].start, option.dataZoom[0].end] = this.zoom;
    this.chart.setOption(option, { notMerge: true });
    this.cursor = -1;
    this.reading.textContent = "";
    this.legend.replaceChildren(...this.mode.series.map((series) => this.toggle(series)));
  }

  toggle({ name, color, dash }) {
    const box = element("input", { type: "checkbox" });
    box.checked = !this.hidden.has(name);
    box.addEventListener("change", () => {
      if (box.checked) this.hidden.delete(name);
      else this.hidden.add(name);
      this.draw();
      this.legend
        .querySelectorAll("input")
        [this.mode.series.findIndex((s) => s.name === name)].focus();
    });
    return element(
      "label",
      {},
      box,
      element("i", { class: `line s${color % 8} d${dash % 8}` }),
      name,
    );
  }

  modeBar() {
    const { modes } = this.figure;
    const choose = (mode) => {
      if (mode.xAxis.label !== this.mode.xAxis.label) this.zoom = [0, 100];
      this.mode = mode;
      this.draw();
    };
    if (modes.length > 4) {
      const list = element(
        "select",
        { onchange: () => choose(modes[list.selectedIndex]) },
        ...modes.map(({ label }) => element("option", {}, label)),
      );
      return element("div", { class: "bar" }, element("label", {}, "show", list));
    }
    const buttons = modes.map((mode, i) =>
      element(
        "button",
        {
          type: "button",
          "aria-pressed": String(i === 0),
          onclick: (event) => {
            for (const each of buttons) each.setAttribute("aria-pressed", "false");
            event.currentTarget.setAttribute("aria-pressed", "true");
            choose(mode);
          },
        },
        mode.label,
      ),
    );
    return element("div", { class: "bar", role: "group", "aria-label": "view" }, ...buttons);
  }

  toolBar() {
    const { id } = this.figure;
    const button = (label, onclick) => element("button", { type: "button", onclick }, label);
    return element(
      "div",
      { class: "bar", role: "group", "aria-label": "zoom and download" },
      button("zoom in", () => this.zoomBy(0.5)),
      button("zoom out", () => this.zoomBy(2)),
      button("show all", () => this.zoomTo(0, 100)),
      button("SVG", () => save(`${id}-${this.mode.id}.svg`, "image/svg+xml", this.svg())),
      button("CSV", () => save(`${id}-${this.mode.id}.csv`, "text/csv", csvFile(this.mode))),
    );
  }

  /** What is seen as a file, in the colours of now. */
  svg() {
    const { chart, figure, mode } = this;
    const style = getComputedStyle(document.documentElement);
    return svgFile(
      chart.renderToSVGString(),
      chart.getWidth(),
      chart.getHeight(),
      `${figure.title}, ${mode.label}`,
      this.shown(),
      (name) => style.getPropertyValue(name).trim(),
    );
  }

  /** Around the value being read, or the middle of what is seen. */
  zoomBy(factor) {
    const [start, end] = this.zoom;
    const width = Math.min(100, Math.max(0.5, (end - start) * factor));
    const low = Math.max(0, Math.min(100 - width, (start + end - width) / 2));
    this.zoomTo(low, low + width);
  }

  zoomTo(start, end) {
    this.zoom = [start, end];
    this.chart.dispatchAction({ type: "dataZoom", dataZoomIndex: 0, start, end });
  }

  /** Moves the reading by `step` points of the longest series that is shown. */
  read(step) {
    const shown = this.shown();
    const longest = shown.reduce((best, s, i) => (s.y.length > shown[best].y.length ? i : best), 0);
    const series = shown[longest];
    if (!series) return;
    const last = series.y.length - 1;
    this.cursor = Math.max(
      0,
      Math.min(last, this.cursor < 0 && step < 0 ? last : this.cursor + step),
    );
    this.chart.dispatchAction({ type: "showTip", seriesIndex: longest, dataIndex: this.cursor });
    const x = (series.x ?? this.mode.x)[this.cursor];
    const values = shown.flatMap((each) => {
      const xs = each.x ?? this.mode.x;
      const at = xs === (series.x ?? this.mode.x) ? this.cursor : nearest(xs, x, each.y.length);
      return `${each.name} ${withUnit(each.y[at], this.mode.yAxis.unit)}`;
    });
    const { xAxis } = this.mode;
    this.reading.textContent = `${xAxis.label} ${onAxis(xAxis, x)}: ${values.join(", ")}`;
  }

  key(event) {
    const acts = {
      ArrowRight: () => this.read(event.shiftKey ? 10 : 1),
      ArrowLeft: () => this.read(event.shiftKey ? -10 : -1),
      "+": () => this.zoomBy(0.5),
      "=": () => this.zoomBy(0.5),
      "-": () => this.zoomBy(2),
      0: () => this.zoomTo(0, 100),
      Escape: () => this.chart.dispatchAction({ type: "hideTip" }),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }
}

/** Index of the value nearest to `x` among the first `count` of ascending `xs`. */
function nearest(xs, x, count) {
  let best = 0;
  for (let i = 1; i < count; i++) if (Math.abs(xs[i] - x) < Math.abs(xs[best] - x)) best = i;
  return best;
}

const figures = new Map();
// For whoever looks closer, from the console or a test.
window.anypin = { figures };

unpack("echarts").then((source) => {
  const library = new Function(`${source}; return echarts`)();
  for (const figure of JSON.parse(document.getElementById("figures").textContent)) {
    const section = document.getElementById(figure.id);
    if (section) figures.set(figure.id, new LiveFigure(section, figure, library));
  }
  document.documentElement.dataset.ready = "yes";
});
