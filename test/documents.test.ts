/** What the README shows is what the program prints. UPDATE_GOLDEN=1 writes it anew. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { picture } from "../bench/make-picture.ts";
import { loadCommands } from "../replay/cli/commands/index.ts";
import { POLICIES } from "../replay/policies/index.ts";
import { runHere } from "./support/cli.ts";
import { projectPath, projectRoot } from "./support/project.ts";

const README = projectPath("README.md");

/** Compares what stands between `<!-- NAME -->` and `<!-- /NAME -->` with `wanted`. */
function blockIs(name: string, wanted: string): void {
  const text = readFileSync(README, "utf8");
  const opening = `<!-- ${name} -->\n`;
  const from = text.indexOf(opening) + opening.length;
  const to = text.indexOf(`<!-- /${name} -->`);
  assert.ok(from >= opening.length && to >= from, `README.md has a block ${name}`);
  if (process.env.UPDATE_GOLDEN === "1") {
    writeFileSync(README, text.slice(0, from) + wanted + text.slice(to));
    return;
  }
  assert.fixture(text.slice(from, to), wanted);
}

test("the result in the README is what npm start prints", () => {
  const { scripts } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const [node, ...words] = scripts.start.split(" ");
  assert.is(node, "node");
  const done = spawnSync(process.execPath, words, {
    cwd: projectRoot,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  assert.is(done.status, 0, done.stderr);
  blockIs("result", `\`\`\`\n${done.stdout.trimEnd()}\n\`\`\`\n`);
});

test("the picture in the README is what npm run picture draws", async () => {
  const { scripts } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const [, words, target] = /main\.js (.*) \| node \S+ - (\S+)$/.exec(scripts.picture) ?? [];
  assert.match(readFileSync(README, "utf8"), `](${target})`);
  const { status, out, err } = await runHere(
    words.replace("samples", projectPath("samples")).split(" "),
  );
  assert.is(status, 0, err);
  const path = projectPath(target);
  const drawn = picture(out);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, drawn);
  assert.is(readFileSync(path, "utf8"), drawn);
});

test("the commands in the README are those there are", async () => {
  const rows = (await loadCommands()).map(
    ({ name, operands, summary }) =>
      `| \`anypin ${`${name} ${operands}`.trim().replaceAll("|", "\\|")}\` | ${summary} |\n`,
  );
  blockIs("commands", `| command | what it does |\n|---|---|\n${rows.join("")}`);
});

test("the policies in the README are those there are", () => {
  const rows = POLICIES.map(({ name, aliases, summary }) => {
    const words = [name, ...aliases].map((word) => `\`${word}\``).join(", ");
    return `| ${words} | ${summary} |\n`;
  });
  blockIs("policies", `| policy | where a new connection goes |\n|---|---|\n${rows.join("")}`);
});

test("every file that the documents link to is there", () => {
  const missing: string[] = [];
  for (const page of ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]) {
    for (const [, target] of readFileSync(projectPath(page), "utf8").matchAll(/\]\(([^)#]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const path = normalize(join(dirname(page), target));
      if (!existsSync(projectPath(path))) missing.push(`${page}: ${target}`);
    }
  }
  assert.equal(missing, []);
});

test("the map in ARCHITECTURE.md names every folder of the rooms", () => {
  const text = readFileSync(projectPath("ARCHITECTURE.md"), "utf8");
  const folders = ["ipopts", "stack", "traces", "replay", "bench"].flatMap((room) =>
    readdirSync(projectPath(room), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name),
  );
  const unnamed = folders.filter((name) => !text.includes(`${name}/\``));
  assert.equal([...new Set(unnamed)], []);
});

test("every path that the documents name is there", () => {
  const missing: string[] = [];
  for (const page of ["ARCHITECTURE.md", "CONTRIBUTING.md"]) {
    const text = readFileSync(projectPath(page), "utf8");
    for (const [, path] of text.matchAll(
      /`((?:ipopts|stack|traces|replay|bench|test|samples)\/[\w./-]*)`/g,
    )) {
      if (/\bNAME\b/.test(path) || path.endsWith("-")) continue;
      if (!existsSync(projectPath(path))) missing.push(`${page}: ${path}`);
    }
  }
  assert.equal(missing, []);
});

test.run();
