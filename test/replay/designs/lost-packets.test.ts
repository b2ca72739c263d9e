/** SYNs and answers that are lost: a second server may answer, and the connection has one all the same. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Comparison } from "../../../replay/emulation/comparison.ts";
import { scenarioOf } from "../../support/emulation.ts";
import { traceRows } from "../../support/trace-rows.ts";

for (const design of ["rfc1546", "source-identification"]) {
  test(`${design}: the server whose SYN-ACK came first keeps the connection, others let go`, () => {
    const base = scenarioOf({ designs: [design], policies: ["round-robin"] });
    const clientLink = { delay: 1e6, loss: 0.1 };
    const scenario = { ...base, topology: { ...base.topology, clientLink } };
    const comparison = new Comparison(scenario, 5);
    comparison.take(traceRows(200));
    const [{ result }] = comparison.finish();
    const { outcome, left } = result;
    assert.ok(outcome.splitSyns > 0, "a SYN was answered by two servers");
    assert.is(outcome.reset, 0, JSON.stringify(outcome.broken));
    assert.ok(outcome.completed > 190, `${outcome.completed} completed`);
    assert.equal(left, { buffers: 0, timers: 0, blocks: 0 });
  });
}

test.run();
