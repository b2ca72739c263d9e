/** What holds for every design under every policy; who is left out of a behaviour, is so for a reason. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Design } from "../../../replay/designs/design.ts";
import { DESIGNS, findDesign } from "../../../replay/designs/index.ts";
import { Comparison, type ComparisonRow } from "../../../replay/emulation/comparison.ts";
import type { RecordedRows } from "../../../replay/emulation/recorded-rows.ts";
import type { Scenario } from "../../../replay/emulation/scenario/scenario.ts";
import { DESIGN_NAMES } from "../../../replay/experiment.ts";
import { POLICIES } from "../../../replay/policies/index.ts";
import { scenarioOf } from "../../support/emulation.ts";
import { traceRows } from "../../support/trace-rows.ts";

const names = DESIGNS.map(({ name }) => name);

test("the names that lists of designs have are those of the designs", () => {
  assert.equal(names, DESIGN_NAMES);
});
const policies = POLICIES.map(({ name }) => name);
const TRACE = traceRows(150, { services: 3 });

function runs(scenario: Scenario, recorded: RecordedRows = TRACE, seed = 1): ComparisonRow[] {
  const comparison = new Comparison(scenario, seed);
  comparison.take(recorded);
  return comparison.finish();
}

const label = ({ design, policy }: ComparisonRow) => `${design}, ${policy}`;

/** All designs but `left`, each of which has a reason to be left out. */
function designsWithout(left: Readonly<Record<string, string>>): string[] {
  for (const [name, why] of Object.entries(left)) {
    assert.ok(findDesign(name), `${name} is a design`);
    assert.ok(why.length > 10, `why ${name} is left out`);
  }
  return names.filter((name) => !(name in left));
}

const HOLDS_NOBODY = "routers decide anew for every packet, and nobody prevents it";
const ROUTER_ONLY = "works in routers alone, whoever the clients are";
const ANSWERS_AS_STRANGER = "answers from an address that an unchanged client does not expect";

test("with one server nothing can go astray, whatever the design", () => {
  for (const row of runs(scenarioOf({ designs: names, policies, servers: 1 }))) {
    const { connections, untouched, pccViolations, splitSyns } = row.result.outcome;
    assert.equal([untouched, pccViolations, splitSyns], [connections, 0, 0], label(row));
  }
});

test("every packet is accounted for and nothing is left over", () => {
  const link = { delay: 1e6, loss: 0.02, duplicate: 0.01, reorder: 0.02, corrupt: 0.01 };
  const base = scenarioOf({ designs: names, policies });
  const topology = { ...base.topology, clientLink: link };
  for (const row of runs({ ...base, topology })) {
    const { outcome, ledger, left } = row.result;
    const { completed, reset, timedOut, neverOpened, connections } = outcome;
    assert.is(completed + reset + timedOut + neverOpened, connections, label(row));
    assert.is(ledger.missing, 0, label(row));
    assert.equal(left, { buffers: 0, timers: 0, blocks: 0 }, label(row));
  }
});

test("first packets go where the policy sends them, alike under all designs", () => {
  const rows = runs(scenarioOf({ designs: names, policies }));
  for (const row of rows) {
    const plain = rows.find(({ design, policy }) => design === "plain" && policy === row.policy);
    assert.is(row.result.assignments, plain?.result.assignments, label(row));
  }
});

test("the same seed gives the same outcome, packet counts and tables included", () => {
  const scenario = scenarioOf({ designs: names, policies });
  const [first, second] = [runs(scenario), runs(scenario)];
  assert.is(JSON.stringify(first), JSON.stringify(second));
});

test("connections stay with their server under every policy", () => {
  const designs = designsWithout({ plain: HOLDS_NOBODY });
  for (const row of runs(scenarioOf({ designs, policies }))) {
    const { connections, untouched, pccViolations } = row.result.outcome;
    assert.equal([untouched, pccViolations], [connections, 0], label(row));
  }
});

test("hash dispatch alone keeps connections while nothing changes", () => {
  for (const row of runs(scenarioOf({ designs: names, policies: ["hash"] }))) {
    assert.is(row.result.outcome.untouched, row.result.outcome.connections, label(row));
  }
});

test("a connection is held through a change of routes", () => {
  const designs = designsWithout({
    plain: HOLDS_NOBODY,
    "connection-router": "another router has another table, with nothing in it",
  });
  const events = [{ at: { share: 0.4 }, do: "route-change" as const }];
  for (const row of runs(scenarioOf({ designs, policies, events }))) {
    assert.is(row.result.outcome.untouched, row.result.outcome.connections, label(row));
  }
});

test("two routers that share packets keep connections where hosts hold them", () => {
  const designs = designsWithout({
    plain: HOLDS_NOBODY,
    "connection-router": "each router remembers only the connections that it has seen begin",
  });
  const base = scenarioOf({ designs, policies });
  const topology = { ...base.topology, routers: 2, agree: false, spread: "packet" as const };
  for (const row of runs({ ...base, topology })) {
    assert.is(row.result.outcome.untouched, row.result.outcome.connections, label(row));
  }
});

test("with unchanged clients a design is worth no more than plain anycast", () => {
  const designs = designsWithout({
    rfc1546: ANSWERS_AS_STRANGER,
    "source-identification": ANSWERS_AS_STRANGER,
    "connection-router": ROUTER_ONLY,
  });
  const rows = runs(scenarioOf({ designs, policies, client: "stock" }));
  // Long responses take a segment more where servers add options in vain: packets are not compared.
  const counts = ({ result: { outcome } }: ComparisonRow) => [
    outcome.completed,
    outcome.untouched,
    outcome.reset,
    outcome.timedOut,
    outcome.neverOpened,
  ];
  for (const row of rows) {
    const plain = rows.find(({ design, policy }) => design === "plain" && policy === row.policy);
    assert.equal(counts(row), plain && counts(plain), label(row));
  }
});

test("servers that answer from their own address reach changed clients only", () => {
  const designs = ["rfc1546", "source-identification"];
  for (const client of ["stock", "filtering", "bsd44", "freebsd"]) {
    for (const row of runs(scenarioOf({ designs, policies, client }))) {
      const { neverOpened, connections } = row.result.outcome;
      assert.is(neverOpened, connections, `${label(row)}, ${client}`);
    }
  }
});

test("UDP flows are held by designs that work below transports or in routers", () => {
  const datagrams = traceRows(60, { protocol: 17, services: 2 });
  const designs = designsWithout({
    plain: HOLDS_NOBODY,
    rfc1546: "the RFC leaves UDP to its users, who may go on with the address that answered",
  });
  for (const row of runs(scenarioOf({ designs, policies }), datagrams)) {
    // A client's datagrams may be on their way before the first answer says whom to send them to.
    const { completed, connections } = row.result.outcome;
    assert.is(completed, connections, label(row));
  }
});

test("designs say in their summaries what they are, and have names of their own", () => {
  assert.is(new Set(names).size, names.length);
  for (const { name, summary } of DESIGNS as readonly Design[]) {
    assert.match(name, /^[a-z][a-z0-9-]*$/);
    assert.ok(summary.length > 20 && summary.length < 100, name);
  }
});

test.run();
