/** The import rules of ARCHITECTURE.md, held against every source file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectPath, projectRoot } from "./support/project.ts";

/** What each room may import; the longest matching room wins. A room may always import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "stack/wire": [],
  ipopts: [],
  stack: ["ipopts", "stack/wire"],
  traces: ["stack/wire"],
  "replay/policies": [],
  "replay/report": [
    "replay/result.ts",
    "replay/metrics",
    "replay/walk/steps.ts",
    "traces/project-file.ts",
  ],
  replay: ["ipopts", "stack", "traces"],
  bench: ["ipopts", "stack", "traces", "replay", "test"],
  test: ["ipopts", "stack", "traces", "replay", "bench"],
};

/** Words that would give the stack or an engine a clock, chance or I/O of its own. */
const FORBIDDEN =
  /\b(Math\.random|Date\.now|new Date\(\)|setTimeout|setInterval|setImmediate|console\.)/;
const PURE_ROOMS = [
  "ipopts",
  "stack",
  "replay/flow",
  "replay/emulation",
  "replay/network",
  "replay/designs",
  "replay/policies",
];

const room = (path: string): string =>
  Object.keys(MAY_IMPORT)
    .filter((name) => path.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)[0] ?? "";

const rooms = ["ipopts", "stack", "traces", "replay", "bench", "test"];
const sources = rooms
  .filter((folder) => existsSync(projectPath(folder)))
  .flatMap((folder) =>
    readdirSync(projectPath(folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${folder}/${name}`),
  );

/** Project paths that a file imports, and packages as `package:NAME`. */
function imports(path: string): string[] {
  const text = readFileSync(projectPath(path), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, target = ""]) =>
    target.startsWith(".") ? normalize(join(dirname(path), target)) : `package:${target}`,
  );
}

test("no file imports against the direction of the rooms", () => {
  const wrong: string[] = [];
  for (const path of sources) {
    const home = room(path);
    for (const target of imports(path)) {
      if (target.startsWith("package:")) continue;
      const allowed = [home, ...(MAY_IMPORT[home] ?? [])];
      if (allowed.some((name) => target === name || target.startsWith(`${name}/`))) continue;
      wrong.push(`${path} imports ${target}`);
    }
  }
  assert.equal(wrong, []);
});

test("nothing imports the command line except itself and its tests", () => {
  const wrong = sources
    .filter(
      (path) =>
        !path.startsWith("replay/cli/") && !path.startsWith("test/") && !path.startsWith("bench/"),
    )
    .filter((path) => imports(path).some((target) => target.startsWith("replay/cli/")));
  assert.equal(wrong, []);
});

test("the stack, the codecs and the engines have no clock, chance or output of their own", () => {
  const wrong = sources
    .filter((path) => PURE_ROOMS.some((name) => path.startsWith(`${name}/`)))
    .filter((path) =>
      FORBIDDEN.test(
        readFileSync(projectPath(path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""),
      ),
    );
  assert.equal(wrong, []);
});

/** What is loaded with `path` at once: its imports and theirs, without types and what is loaded later. */
function loadedWith(path: string, loaded = new Set<string>()): Set<string> {
  if (loaded.has(path)) return loaded;
  loaded.add(path);
  const text = readFileSync(projectPath(path), "utf8");
  for (const [, target] of text.matchAll(
    /^(?:import|export) (?!type\b)[^;]*? from "(\.[^"]+)";/gm,
  )) {
    loadedWith(normalize(join(dirname(path), target)), loaded);
  }
  return loaded;
}

test("a capture is replayed by the flow engine without anything of the stack engine's", () => {
  const loaded = [
    ...loadedWith("replay/cli/commands/replay.ts"),
    ...loadedWith("replay/follow-capture.ts"),
    ...loadedWith("replay/report/table.ts"),
  ];
  const later = [
    ...loadedWith("replay/cli/stack-run.ts"),
    ...loadedWith("replay/cli/stack-scenario.ts"),
    ...loadedWith("replay/emulation/sliced.ts"),
    ...loadedWith("replay/follow-connections.ts"),
    ...loadedWith("replay/report/explanation.ts"),
  ];
  for (const path of ["replay/flow/flow-engine.ts", "replay/report/layout.ts"]) {
    assert.ok(loaded.includes(path), path);
  }
  for (const path of [
    "stack/stack.ts",
    "replay/cli/attendance.ts",
    "replay/cli/outputs.ts",
    "replay/designs/index.ts",
    "replay/emulation/comparison.ts",
    "replay/emulation/scenario/client-mix.ts",
    "replay/flow/policy-thread.ts",
    "replay/report/outcome-table.ts",
  ]) {
    assert.not.ok(loaded.includes(path), path);
    assert.ok(later.includes(path), path);
  }
  const ofStack = /^(stack\/(?!wire\/)|replay\/(emulation|designs|network)\/)/;
  assert.equal(
    loaded.filter((path) => ofStack.test(path)),
    [],
  );
});

test("a capture is listed without what other inputs and outputs need", () => {
  const loaded = loadedWith("replay/cli/commands/flows.ts");
  assert.ok(loaded.has("traces/formats/registry.ts"));
  assert.not.ok(loaded.has("traces/listing/connection-listing.ts"), "for the sums alone");
  loadedWith("traces/formats/pcap.ts", loaded);
  loadedWith("traces/listing/connection-listing.ts", loaded);
  for (const path of [
    "replay/cli/outputs.ts",
    "replay/cli/progress.ts",
    "replay/flow-summary.ts",
    "traces/connection-file.ts",
    "traces/connection-trace.ts",
    "traces/flow-trace/writer.ts",
    "traces/formats/pcapng.ts",
    "traces/formats/pcapng-shape.ts",
    "traces/listing/ordered-columns.ts",
    "traces/parquet.ts",
    "traces/service-text.ts",
    "traces/sources/gzip-source.ts",
    "traces/sources/program-source.ts",
    "traces/threads/table-thread.ts",
  ]) {
    assert.not.ok(loaded.has(path), path);
  }
});

test("no source file passes the hard cap of 300 lines", () => {
  const long = sources
    .map((path) => ({
      path,
      lines: readFileSync(`${projectRoot}/${path}`, "utf8").split("\n").length - 1,
    }))
    .filter(({ path, lines }) => lines > 300 && !path.includes("/gen/"))
    .map(({ path, lines }) => `${path}: ${lines}`);
  assert.equal(long, []);
});

test.run();
