/** What becomes of the sample's connections in each bundled scenario, as tables to look at. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readScenario } from "../../../replay/emulation/scenario/read-scenario.ts";
import type { OutcomeResult } from "../../../replay/result.ts";
import { replayStack } from "../../support/emulation.ts";
import { matchesGolden } from "../../support/golden.ts";
import { projectPath } from "../../support/project.ts";

const SCENARIOS = [
  "figure1",
  "figure2-multihomed",
  "two-routers-ecmp",
  "route-change",
  "server-failure",
  "options-filtered",
];

function line(policy: string, o: OutcomeResult): string {
  const { completed, untouched, reset, timedOut, neverOpened, pccViolations, splitSyns } = o;
  const counts = { completed, untouched, reset, timedOut, neverOpened, pccViolations, splitSyns };
  const numbers = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  const broken = Object.entries(o.broken).map(([how, count]) => `\n    ${count} × ${how}`);
  return `${o.design}, ${policy}, ${o.client}\n  ${numbers.join(", ")}${broken.join("")}`;
}

/** What has to be true of a table whatever its numbers. */
const CLAIMS: Readonly<Record<string, (policy: string, outcome: OutcomeResult) => void>> = {
  figure1(policy, { design, completed, untouched, pccViolations, connections }) {
    const perPacket = policy === "round-robin" || policy === "random";
    if (design !== "plain") assert.equal([untouched, pccViolations], [connections, 0]);
    else if (policy === "hash") assert.is(completed, connections);
    else if (perPacket) assert.ok(completed < 0.01 * connections);
  },
  "figure2-multihomed"(_policy, { design, completed, connections }) {
    const holds = design === "plain" || design === "pinned-receive";
    if (holds) assert.is(completed, connections, design);
    else assert.ok(completed < 0.01 * connections, design);
  },
  "two-routers-ecmp"(_policy, { design, untouched, connections }) {
    if (design === "plain") assert.ok(untouched < 0.3 * connections);
    else assert.is(untouched, connections, design);
  },
};

for (const name of SCENARIOS) {
  test(`scenario ${name} comes out as it did`, async () => {
    const text = readFileSync(projectPath(`scenarios/${name}.json`), "utf8");
    const { policies } = await replayStack(
      projectPath("samples/web.pcap.gz"),
      readScenario(text, name),
    );
    const lines = policies.flatMap((policy) =>
      (policy.outcomes ?? []).map((outcome) => line(policy.name, outcome)),
    );
    for (const { name: policy, outcomes } of policies) {
      for (const outcome of outcomes ?? []) CLAIMS[name]?.(policy, outcome);
    }
    matchesGolden(`replay/emulation/${name}.txt`, `${lines.join("\n")}\n`);
  });
}

test.run();
