/** Both engines send every connection's first packet to the same server. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_EXPERIMENT } from "../../../replay/experiment.ts";
import { POLICIES } from "../../../replay/policies/index.ts";
import { run } from "../../../replay/run.ts";
import { captureOf, facts, replayStack, scenarioOf } from "../../support/emulation.ts";
import { haveShared, projectPath, sharedPath } from "../../support/project.ts";
import { testRandom } from "../../support/random.ts";
import { randomRows } from "../../support/random-scenario.ts";

const CAPTURES = [
  "samples/web.pcap.gz",
  "web-pcpp-4KHttpRequests.pcap",
  "web-pcpp-example.pcap",
  "web-pcpp-many-protocols.pcap",
  "web-pcpp-tls2.pcap",
  "web-zeek-1000-requests-one-dropped-response.pcap.gz",
];

const policies = POLICIES.map(({ name }) => name);
for (const name of CAPTURES) {
  const path = name.includes("/") ? projectPath(name) : sharedPath(`captures/files/${name}`);
  test(`${name}: first SYNs go where the flow engine sends connections, by every policy`, async () => {
    if (!name.includes("/") && !haveShared(`captures/files/${name}`, `running ${name}`)) return;
    for (const seed of [1, 7]) {
      const flow = await run({ ...DEFAULT_EXPERIMENT, policies, seed }, await captureOf(path));
      for (const design of ["plain", "pinned-receive"]) {
        const stack = await replayStack(path, scenarioOf({ designs: [design], policies }), seed);
        for (const [i, policy] of stack.policies.entries()) {
          const { assignments } = flow.policies[i];
          assert.is(policy.assignments, assignments, `${design}, ${policy.name}, seed ${seed}`);
        }
      }
    }
  });
}

test("whole connections, of both families, UDP and others among them, go to the same servers", async () => {
  const rows = randomRows(testRandom(3), 600);
  // One that starts before its predecessor opens right after it.
  for (let i = 7; i < rows.count; i += 7) rows.start[i] -= 3e9;
  async function* blocks() {
    yield rows;
  }
  const trace = () => ({ kind: "connections" as const, blocks: blocks(), facts });
  const flow = await run({ ...DEFAULT_EXPERIMENT, policies }, trace());
  const scenario = scenarioOf({ policies });
  const experiment = { ...DEFAULT_EXPERIMENT, engine: "stack" as const, policies, scenario };
  const stack = await run(experiment, trace());
  for (const [i, { name, assignments }] of stack.policies.entries()) {
    assert.is(assignments, flow.policies[i].assignments, name);
  }
});

test.run();
