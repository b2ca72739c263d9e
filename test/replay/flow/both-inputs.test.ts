/** Real captures, followed packet by packet and as the flow trace that they become. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CaptureTimeline } from "../../../replay/flow/capture-timeline.ts";
import { ConnectionTimeline } from "../../../replay/flow/connection-timeline.ts";
import { FlowEngine } from "../../../replay/flow/flow-engine.ts";
import { POLICIES } from "../../../replay/policies/index.ts";
import { ENDS_ALONE } from "../../../traces/activity.ts";
import { ConnectionColumns, copyRows } from "../../../traces/connection.ts";
import { captureOf } from "../../support/emulation.ts";
import { haveShared, projectPath, sharedPath } from "../../support/project.ts";

const WINDOW_NS = 1e8;
const BYTES = { layer: "payload", direction: "both" } as const;
const moves = { windowNs: WINDOW_NS, ...BYTES };

/** All connections of a capture in order of their numbers. */
async function connectionsOf(path: string): Promise<ConnectionColumns> {
  let rows = new ConnectionColumns(1024);
  for await (const { closed } of (await captureOf(path)).activities(ENDS_ALONE)) {
    for (let row = 0; row < closed.count; row++) {
      while (closed.id[row] >= rows.capacity) {
        const wider = new ConnectionColumns(2 * rows.capacity);
        copyRows(rows, 0, wider, 0, rows.capacity);
        wider.count = rows.count;
        rows = wider;
      }
      copyRows(closed, row, rows, closed.id[row], 1);
      rows.count++;
    }
  }
  return rows;
}

const CAPTURES = [
  "samples/web.pcap.gz",
  "web-pcpp-example.pcap",
  "web-pcpp-many-protocols.pcap",
  "web-pcpp-tls2.pcap",
];

for (const name of CAPTURES) {
  const path = name.includes("/") ? projectPath(name) : sharedPath(`captures/files/${name}`);
  test(`${name} gives every connection the same server from packets and from connections`, async () => {
    if (!name.includes("/") && !haveShared(`captures/files/${name}`, `replaying ${name}`)) return;
    const whole = await connectionsOf(path);
    for (const servers of [2, 5, 20]) {
      const { memory, activities } = await captureOf(path);
      const one = new FlowEngine(POLICIES, servers, WINDOW_NS, 1, memory.memory);
      const packets = new CaptureTimeline(WINDOW_NS, one);
      for await (const activity of activities({ packets: false, moves })) packets.take(activity);
      const other = new FlowEngine(POLICIES, servers, WINDOW_NS, 1);
      const flows = new ConnectionTimeline(WINDOW_NS, BYTES, other);
      flows.take(whole);
      flows.finish();
      const fromFlows = other.outcomes(flows.span);
      for (const [i, { policy, outcome }] of one.outcomes(packets.finish()).entries()) {
        const expected = fromFlows[i].outcome;
        assert.is(outcome.assignments, expected.assignments, policy.name);
        assert.equal(outcome.servers, expected.servers, policy.name);
        const found = outcome.connections.imbalance;
        for (const key of ["windows", "mean", "p50", "p95", "p99", "max", "under30"] as const) {
          // The two add windows up in other portions: equal but for the last digits of a sum.
          const wanted = expected.connections.imbalance[key];
          const near = Math.abs(found[key] - wanted) <= 1e-12 * wanted;
          assert.ok(near, `${policy.name}: ${key} ${found[key]}, ${wanted}`);
        }
      }
    }
  });
}

test.run();
