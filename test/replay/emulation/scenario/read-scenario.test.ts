/** Scenario files: what they mean, and what is said of wrong ones. */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ScenarioError } from "../../../../replay/emulation/scenario/located-json.ts";
import { readScenario } from "../../../../replay/emulation/scenario/read-scenario.ts";
import { SCENARIO_NAMES } from "../../../../replay/experiment.ts";
import { projectPath } from "../../../support/project.ts";

test("every bundled scenario can be read, says what it is about, and compares something", () => {
  const files = readdirSync(projectPath("scenarios"));
  assert.equal(
    files.toSorted(),
    SCENARIO_NAMES.map((name) => `${name}.json`),
  );
  for (const file of files) {
    const text = readFileSync(projectPath(`scenarios/${file}`), "utf8");
    const scenario = readScenario(text, file.replace(".json", ""));
    assert.ok(scenario.about.length > 20, file);
    const runs = scenario.designs.length * scenario.policies.length * scenario.clients.length;
    assert.ok(runs > 1, file);
  }
});

test("units in files are people's, units in memory nanoseconds and bits", () => {
  const { topology, events } = readScenario(
    `{"topology": {"clientLink": {"delayMs": 2.5, "rateMbps": 10, "loss": 0.01}},
      "events": [{"at": 1.5, "do": "fail", "server": 2, "detectSeconds": 0.25},
                 {"at": "25 %", "do": "drain", "server": 1}]}`,
    "x",
  );
  assert.equal(topology.clientLink, { delay: 2_500_000, rate: 10_000_000, loss: 0.01 });
  assert.equal(topology.serverLink, { delay: 100_000 });
  assert.equal(events, [
    { at: { ns: 1.5e9 }, do: "fail", server: 1, how: "silent", detectNs: 250_000_000 },
    { at: { share: 0.25 }, do: "drain", server: 0 },
  ]);
});

const WRONG: [string, RegExp][] = [
  ["", /^line 1: expected a value; found the end of the file$/],
  ['{\n "servers": 5,\n}', /^line 3: expected a name in quotes; found "}"$/],
  ['{"servers": 5\n "about": ""}', /^line 2: expected "," or "}"; found/],
  ['{"about": "never ends', /^line 1: about: expected the end of a string/],
  ['{"servers": 05}', /^line 1: servers: expected a number; found "05}"/],
  ['{"servers": 5,\n"servers": 6}', /^line 2: "servers" stands here twice$/],
  ["[1]", /^line 1: expected an object; found \[1\]$/],
  ["{} x", /^line 1: expected the end of the file; found "x"$/],
  [`${"[".repeat(100)}`, /nested too deeply/],
  ['{\n "server": 5\n}', /^line 2: server: not known here; expected name, about, servers,/],
  ['{\n\n "servers": 0}', /^line 3: servers: expected a whole number of 1 to 4096; found 0$/],
  ['{"servers": "many"}', /servers: expected a whole number of 1 to 4096; found "many"/],
  [
    '{"designs": ["plain",\n "pinned"]}',
    /^line 2: designs\[1\]: expected plain, .*; found "pinned"$/,
  ],
  ['{"designs": []}', /designs: expected a list, not empty; found \[\]/],
  ['{"policies": ["rr",\n\n "wrr"]}', /^line 3: policies\[1\]: expected .*; found "wrr"$/],
  [
    '{"clients": ["engel:-1"]}',
    /^line 1: clients\[0\]: expected PROFILE:WEIGHT .*; found "engel:-1"$/,
  ],
  [
    '{"topology": {\n"spread": "packets"}}',
    /^line 2: topology.spread: expected flow, packet; found/,
  ],
  [
    '{"topology": {"clientLink":\n{"loss": 2}}}',
    /^line 2: topology.clientLink.loss: expected a number of 0 to 1; found 2$/,
  ],
  [
    '{"topology": {"options": "wan"}}',
    /topology.options: expected lan, internet-2005, filtered; found "wan"/,
  ],
  [
    '{"topology": {"routers": 2, "multihomed": true}}',
    /topology.multihomed: goes with one router only/,
  ],
  [
    '{"events": [\n{"do": "drain", "server": 1}]}',
    /^line 2: events\[0\].at: expected seconds, or a share/,
  ],
  ['{"events": [{"at": "120%", "do": "drain", "server": 1}]}', /events\[0\].at: expected seconds/],
  [
    '{"events": [{"at": 1,\n "do": "explode"}]}',
    /^line 2: events\[0\].do: expected route-change, fail/,
  ],
  [
    '{"servers": 3, "events": [{"at": 1, "do": "fail",\n"server": 4}]}',
    /^line 2: events\[0\].server: expected a whole number of 1 to 3; found 4$/,
  ],
  [
    '{"events": [{"at": 1, "do": "restart"}]}',
    /events\[0\].server: expected a whole number of 1 to 5; found nothing/,
  ],
];

for (const [text, message] of WRONG) {
  test(`refuses ${JSON.stringify(text.slice(0, 60))}, naming path and line`, () => {
    try {
      readScenario(text, "wrong");
    } catch (error) {
      assert.instance(error, ScenarioError);
      assert.match((error as ScenarioError).message, message);
      return;
    }
    assert.unreachable("was taken");
  });
}

test.run();
