/** The report page as text: complete before any script runs, safe, small, the result's numbers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { replayPage } from "../../../replay/report/html/page.ts";
import type { ReplayResult } from "../../../replay/result.ts";
import { runHere } from "../../support/cli.ts";
import { csvTable, figuresOf, PROVENANCE, SAMPLE, sampleResult } from "../../support/report.ts";
import { sha256, temporary } from "../../support/temporary.ts";

const FIGURES = [
  "figure-4a",
  "figure-4b",
  "load",
  "servers",
  "figure-3-holding-time",
  "figure-3-bytes",
];
const close = (a: number, b: number) =>
  Math.abs(a - b) <= 2e-5 * Math.max(Math.abs(a), Math.abs(b));

const result = await sampleResult();
const page = replayPage([{ name: "sample", result }], PROVENANCE);
const figures = figuresOf(page);
const figure = (id: string) => {
  const found = figures.find((each) => each.id === id);
  if (!found) throw new Error(id);
  return found;
};

test("every figure stands there as SVG, PDF and CDF, before a script runs", () => {
  assert.equal(
    figures.map(({ id }) => id),
    FIGURES,
  );
  for (const id of FIGURES) {
    const section = page.slice(page.indexOf(`id="${id}"`)).split("</section>")[0];
    const pictures = section.match(/<svg /g)?.length ?? 0;
    assert.ok(pictures >= 2, `${id}: ${pictures}`);
  }
  for (const id of FIGURES.filter((name) => name.startsWith("figure"))) {
    assert.equal(
      figure(id).modes.map(({ label }) => label),
      ["PDF", "CDF"],
    );
  }
});

test("the page loads nothing and is the same each time", () => {
  assert.not.match(page, /<(script|link|img)[^>]*(src|href)="(?!data:)/);
  assert.not.match(page, /@import|url\((?!#)/);
  assert.is(replayPage([{ name: "sample", result }], PROVENANCE), page);
});

test("the imbalance of Figure 4 is the result's, bins added up", () => {
  for (const [id, measure] of [
    ["figure-4a", "connections"],
    ["figure-4b", "bytes"],
  ] as const) {
    for (const policy of result.policies) {
      const series = figure(id).modes[0].series.find(({ name }) => name === policy.name);
      const { edges, shares } = policy[measure].distribution;
      const x = series?.x ?? figure(id).modes[0].x ?? [];
      assert.is(x.length > (series?.y.length ?? 0), true, policy.name);
      series?.y.forEach((y, i) => {
        const [from, to] = [x[i], x[i + 1]];
        const sum = shares.reduce(
          (all, share, bin) =>
            all + (edges[bin] > from - 1e-9 && edges[bin] < to - 1e-9 ? share : 0),
          0,
        );
        assert.ok(close(y, sum), `${id} ${policy.name} bin ${i}: ${y} is not ${sum}`);
      });
    }
  }
});

test("the load of a long trace that begins late is counted in days from its beginning", () => {
  const [policy] = result.policies;
  const load = { ...policy.load, startSeconds: 1e6, binSeconds: 86_400 };
  const long: ReplayResult = {
    ...result,
    policies: [{ ...policy, load }],
    events: [{ seconds: 1e6 + 43_200, what: "route-change" }],
  };
  const text = replayPage([{ name: "long", result: long }], PROVENANCE);
  const [mode] = figuresOf(text).find(({ id }) => id === "load")?.modes ?? [];
  assert.equal(mode.xAxis.per, { seconds: 86_400, suffix: "d" });
  assert.equal(mode.x?.slice(0, 2), [0, 86_400]);
  assert.equal(mode.markers, [{ at: 43_200, label: "route-change" }]);
  const section = text.slice(text.indexOf('<section class="figure" id="load"'));
  assert.match(section.split("</section>")[0], />50 d<\/text>/);
  assert.is(figure("load").modes[0].xAxis.per, undefined, "a short one in seconds");
});

test("Figure 3, the load and the totals are the result's", () => {
  const holding = csvTable(result, "figure-3-holding-time.csv").slice(1);
  const [pdf, cdf] = figure("figure-3-holding-time").modes;
  holding.forEach(([, to, share, below], i) => {
    assert.ok(close(pdf.series[0].y[i], Number(share)));
    assert.ok(close(cdf.series[0].y[i], Number(below)));
    assert.ok(close((cdf.series[0].x ?? [])[i], Number(to)));
  });
  const first = figure("load").modes[0];
  first.series.forEach(({ y }, server) => {
    assert.is(y.length, result.policies[0].load.active[server].length);
    assert.is(first.x?.length, y.length + 1);
    y.forEach((value, i) => {
      assert.ok(close(value, result.policies[0].load.active[server][i]));
    });
  });
  const [connections, payload] = figure("servers").modes;
  result.policies.forEach(({ servers }, i) => {
    assert.equal(
      connections.series[i].y,
      servers.map((server) => server.connections),
    );
    assert.ok(payload.series[i].y.every((y, s) => close(y, servers[s].payloadBytes)));
  });
});

test("the closed form stands beside random and hash, its mean as the result expects", () => {
  const [, cdf] = figure("figure-4a").modes;
  const theory = cdf.series.find((series) => series.theory);
  const x = theory?.x ?? cdf.x;
  if (!theory || !x) throw new Error("no closed form");
  const [last] = theory.y.slice(-1);
  assert.ok(last > 0.99, `it reaches ${last}`);
  // The mean is the area above the distribution function.
  const mean = theory.y
    .slice(1)
    .reduce((sum, y, i) => sum + (1 - (y + theory.y[i]) / 2) * (x[i + 1] - x[i]), 0);
  const expected = result.policies.find(({ name }) => name === "hash")?.connections.expected ?? 0;
  assert.ok(Math.abs(mean / expected - 1) < 0.01, `${mean} and ${expected}`);
});

test("each policy has a verdict, and what was replayed is told", async () => {
  const files = temporary();
  const report = files.path("report.html");
  const ran = await runHere([
    "replay",
    SAMPLE,
    "--servers",
    "3",
    "--seed",
    "7",
    "--report",
    report,
  ]);
  assert.is(ran.status, 0, ran.err);
  const text = files.read("report.html");
  files.remove();
  for (const { name } of result.policies) assert.match(text, `<li><b>${name}</b>: `);
  assert.match(text, "anypin replay --servers 3 --seed 7 --report");
  assert.match(text, sha256(SAMPLE));
  assert.match(text, "Node.js v");
  assert.match(text, "<p>None.</p>");
});

test("names from outside cannot break out of the page", () => {
  const name = '</script><script>alert(1)</script>"&.pcap';
  const evil = { ...result, trace: { ...result.trace, files: [name] } };
  const text = replayPage([{ name, result: evil }], {
    ...PROVENANCE,
    damage: [name],
    command: name,
  });
  assert.not.match(text, "<script>alert");
});

test("a page of any size of result stays below 1 MB", async () => {
  const many = await sampleResult("--servers", "200", "--window", "0.1");
  const runs = ["a", "b", "c", "d"].map((name) => ({ name, result: many }));
  for (const some of [runs.slice(0, 1), runs]) {
    const { length } = Buffer.from(replayPage(some, PROVENANCE));
    assert.ok(length < 1_000_000, `${some.length} runs: ${length} bytes`);
  }
});

test.run();
