/** The report page in a real browser: it opens from disk, and everything on it works. */
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { replayPage } from "../../replay/report/html/page.ts";
import { axeViolations } from "../support/axe.ts";
import { haveBrowser, launch, openFile } from "../support/browser.ts";
import { looksLike } from "../support/picture.ts";
import { PROVENANCE, sampleResult } from "../support/report.ts";
import { temporary } from "../support/temporary.ts";

/** What the page leaves at `window.anypin` for whoever looks closer. */
interface LiveFigure {
  mode: { id: string; series: { name: string; y: number[] }[] };
  zoom: [number, number];
  chart: {
    getOption(): { series: { name: string; data: [number, number][] }[] };
    convertToPixel(finder: object, point: [number, number]): [number, number];
    getDom(): {
      querySelectorAll(what: string): Iterable<{ getAttribute(name: string): string | null }>;
    };
  };
}
/** What the element in focus is called. */
const FOCUSED = `(({ textContent, ariaLabel, parentElement }) =>
  textContent || ariaLabel || parentElement.textContent)(document.activeElement)`;
const SCROLL_WIDTH = "document.documentElement.scrollWidth";

declare const window: { anypin: { figures: Map<string, LiveFigure> } };

if (haveBrowser()) {
  const files = temporary();
  const path = files.path("report.html");
  const result = await sampleResult();
  writeFileSync(path, replayPage([{ name: "sample", result }], PROVENANCE));
  const browser = await launch();
  test.after(async () => {
    await browser.close();
    files.remove();
  });

  test("it opens from disk in under a second, asks for nothing and complains of nothing", async () => {
    const { page, complaints, readyMs } = await openFile(browser, path);
    assert.equal(complaints, []);
    assert.is(await page.locator(".chart svg").count(), 6);
    assert.ok(readyMs < 5000, `${readyMs} ms`);
    console.log(`  ready after ${readyMs.toFixed(0)} ms`);
    await page.context().close();
  });

  test("every curve's marks stand where the result's numbers are", async () => {
    const { page } = await openFile(browser, path);
    const found = await page.evaluate(() =>
      [...window.anypin.figures].map(([id, figure]) => ({
        id,
        series: figure.chart.getOption().series.map(({ name, data }) => ({
          name,
          y: data.map((point) => (Array.isArray(point) ? point[1] : point)),
          pixels: data.map((point, i) =>
            figure.chart
              .convertToPixel({ seriesIndex: 0 }, Array.isArray(point) ? point : [i, point])
              .map((at) => Math.round(at * 10) / 10),
          ),
        })),
        paths: [...figure.chart.getDom().querySelectorAll("path")].map(
          (each) => each.getAttribute("d") ?? "",
        ),
      })),
    );
    const figure = (id: string) => found.find((each) => each.id === id);
    for (const { id, series, paths } of found) {
      for (const { name, pixels } of series) {
        if (id === "servers") continue;
        // The curve is the one path that begins at the first point and goes through the last.
        const drawn = paths.some((d) => {
          const points = [...d.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [+x, +y]);
          const near = ([x, y]: number[], at = [0, 0]) =>
            Math.abs(x - at[0]) < 1 && Math.abs(y - at[1]) < 1;
          return (
            points.length >= pixels.length &&
            pixels.every((pixel) => points.some((point) => near(point, pixel)))
          );
        });
        assert.ok(drawn, `${id}: ${name} is drawn`);
      }
    }
    for (const policy of result.policies) {
      const y = figure("servers")?.series.find(({ name }) => name === policy.name)?.y;
      assert.equal(
        y,
        policy.servers.map(({ connections }) => connections),
      );
    }
    const load = figure("load")?.series[0].y.slice(0, -1);
    assert.ok(
      load?.every((y, i) => Math.abs(y - result.policies[0].load.active[0][i]) < 1e-4 * (1 + y)),
    );
    await page.context().close();
  });

  test("PDF becomes CDF, and series go and come back", async () => {
    const { page } = await openFile(browser, path);
    const figure = page.locator("#figure-4a");
    const shown = () =>
      page.evaluate(() => {
        const { chart, mode } = window.anypin.figures.get("figure-4a") as LiveFigure;
        return { mode: mode.id, names: chart.getOption().series.map(({ name }) => name) };
      });
    assert.is((await shown()).mode, "pdf");
    await figure.getByRole("button", { name: "CDF" }).click();
    assert.is((await shown()).mode, "cdf");
    assert.is(
      await figure.getByRole("button", { name: "CDF" }).getAttribute("aria-pressed"),
      "true",
    );
    const before = (await shown()).names;
    await figure.getByRole("checkbox", { name: "hash", exact: true }).uncheck();
    assert.equal(
      (await shown()).names,
      before.filter((name) => name !== "hash"),
    );
    await figure.getByRole("checkbox", { name: "hash", exact: true }).check();
    assert.equal((await shown()).names, before);
    await page.locator("#load select").selectOption({ label: "hash, bytes" });
    const load = await page.evaluate(() => window.anypin.figures.get("load")?.mode.series[2].y[5]);
    const hash = result.policies.find(({ name }) => name === "hash");
    assert.is(Math.round(load ?? -1), Math.round(hash?.load.bytes[2][5] ?? -2));
    await page.context().close();
  });

  test("the pointer reads values, keys read and zoom", async () => {
    const { page } = await openFile(browser, path);
    const chart = page.locator("#figure-4a .chart");
    await chart.hover({ position: { x: 400, y: 150 } });
    await page.waitForFunction(
      `/imbalance: /.test(document.querySelector("#figure-4a .chart").textContent)`,
    );
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const reading = await page.locator("#figure-4a .reading").textContent();
    const y = await page.evaluate(
      () => window.anypin.figures.get("figure-4a")?.mode.series[0].y[1] ?? -1,
    );
    assert.match(reading ?? "", `round-robin ${Number((100 * y).toPrecision(4))} %`);
    const zoom = () => page.evaluate(() => window.anypin.figures.get("figure-4a")?.zoom ?? []);
    await page.keyboard.press("+");
    assert.equal(await zoom(), [25, 75]);
    await page.keyboard.press("0");
    assert.equal(await zoom(), [0, 100]);
    await page.locator("#figure-4a").getByRole("button", { name: "zoom in" }).click();
    assert.equal(await zoom(), [25, 75]);
    await page.context().close();
  });

  test("every control is reached and worked by keys alone", async () => {
    const { page } = await openFile(browser, path);
    const names: string[] = [];
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press("Tab");
      names.push(await page.evaluate<string>(FOCUSED));
    }
    for (const name of ["CDF", "hash", "zoom in", "SVG", "CSV"]) {
      assert.ok(
        names.some((each) => each.includes(name)),
        `${name} in ${names.join(" | ")}`,
      );
    }
    await page.locator("#figure-4a").getByRole("checkbox", { name: "random", exact: true }).focus();
    await page.keyboard.press("Space");
    const left = await page.evaluate(
      () => window.anypin.figures.get("figure-4a")?.chart.getOption().series.length,
    );
    assert.is(left, 4);
    await page.context().close();
  });

  test("a figure is downloaded as SVG, its numbers as CSV", async () => {
    const { page } = await openFile(browser, path);
    const download = async (name: string) => {
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("#figure-4a").getByRole("button", { name }).click(),
      ]);
      return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
    };
    const svg = await download("SVG");
    assert.is(svg.name, "figure-4a-pdf.svg");
    assert.not.match(svg.text, "var(");
    const root = await page.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(svg.text)}, "image/svg+xml").documentElement.nodeName`,
    );
    assert.is(root, "svg");
    const csv = await download("CSV");
    assert.is(csv.name, "figure-4a-pdf.csv");
    const [head, first] = csv.text.split("\n");
    assert.is(head, "series,x,to,y");
    assert.match(first, /^round-robin,0,/);
    await page.context().close();
  });

  test("axe finds no serious violation, in light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openFile(browser, path, { colorScheme });
      assert.equal(await axeViolations(page), []);
      await page.context().close();
    }
  });

  test("without scripts the figures are there", async () => {
    const { page } = await openFile(browser, path, { javaScriptEnabled: false });
    for (const { width } of await Promise.all(
      (await page.locator(".static svg").all()).map(
        async (svg) => (await svg.boundingBox()) ?? { width: 0 },
      ),
    )) {
      assert.ok(width > 600, `${width}`);
    }
    assert.ok(await page.getByText("In a sentence").isVisible());
    await page.context().close();
  });

  for (const [name, width] of [
    ["phone", 390],
    ["desktop", 1100],
  ] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`it looks as it did, ${name}, ${colorScheme}`, async () => {
        const { page } = await openFile(browser, path, {
          colorScheme,
          viewport: { width, height: 900 },
        });
        const wide = await page.evaluate<number>(SCROLL_WIDTH);
        assert.ok(wide <= width, `${wide} pixels wide`);
        await looksLike(page, `report-${name}-${colorScheme}`);
        await page.context().close();
      });
    }
  }

  test.run();
}
