/** What every design must keep true, and what tells them apart. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DESIGNS } from "../../../replay/designs/index.ts";
import { compare, scenarioOf } from "../../support/emulation.ts";
import { projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");
const helping = DESIGNS.map(({ name }) => name).filter((name) => name !== "plain");

test("with any help round-robin dispatch of single packets completes every connection", async () => {
  const scenario = scenarioOf({ designs: helping, policies: ["round-robin"] });
  for (const { design, result } of await compare(SAMPLE, scenario)) {
    const { connections, untouched, pccViolations } = result.outcome;
    assert.equal([untouched, pccViolations], [connections, 0], design);
    assert.equal(result.left, { buffers: 0, timers: 0, blocks: 0 }, design);
    assert.is(result.ledger.missing, 0, design);
  }
});

test("designs that change both ends do not open to unchanged clients", async () => {
  const designs = ["rfc1546", "source-identification"];
  const scenario = scenarioOf({ designs, policies: ["hash"], client: "stock" });
  for (const { design, result } of await compare(SAMPLE, scenario)) {
    assert.is(result.outcome.neverOpened, result.outcome.connections, design);
  }
});

test("a router's table holds what is open, and when it restarts open connections are lost", async () => {
  const events = [{ at: { ns: 120e9 }, do: "restart-router" as const, router: 0 }];
  const designs = ["connection-router", "pinned-receive"];
  const [table, pinned] = await compare(
    SAMPLE,
    scenarioOf({ designs, policies: ["round-robin"], events }),
  );
  const [figures] = table.result.tables;
  assert.is(figures.restarts, 1);
  assert.ok(figures.peakEntries > 100 && figures.entries >= table.result.outcome.connections);
  assert.is(figures.peakBytes, 32 * figures.peakEntries);
  assert.ok(table.result.outcome.reset > 10, `${table.result.outcome.reset} lost`);
  assert.is(pinned.result.outcome.completed, pinned.result.outcome.connections);
});

test.run();
