/** What a long capture takes: as much memory as its undecided windows, however many there were. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CaptureTimeline } from "../../../replay/flow/capture-timeline.ts";
import { FlowEngine } from "../../../replay/flow/flow-engine.ts";
import { roundRobin } from "../../../replay/policies/round-robin.ts";
import { type MadeActivity, PlacedActivities } from "../../support/place-activity.ts";
import { columnsOf, type SmallConnection } from "../../support/small-trace.ts";

const WINDOW = 1e9;
const CONNECTIONS = 3000;

/** What a table tells of a window in which all connections open, send a packet and close. */
function busyWindow(window: number): MadeActivity {
  const begin = WINDOW * window;
  const opened = Array.from({ length: CONNECTIONS }, (_, id): SmallConnection => {
    const open = begin + id;
    const packets = [{ time: open, payload: 1000, wire: 1060, fromServer: true }];
    return { id, client: id, port: 80, open, close: begin + 1e8 + id, lag: 0, packets };
  });
  const slot = Int32Array.from(opened.keys());
  return {
    packets: CONNECTIONS,
    slot,
    time: Float64Array.from(opened, ({ open }) => open),
    payload: new Int32Array(CONNECTIONS).fill(1000),
    wire: new Float64Array(CONNECTIONS).fill(1060),
    fromServer: new Uint8Array(CONNECTIONS).fill(1),
    opened: columnsOf(opened),
    openedSlot: slot,
    closed: columnsOf(opened),
    closedSlot: slot,
    settled: begin + WINDOW,
  };
}

test("memory follows what is undecided, not how long a capture is", () => {
  const places = new PlacedActivities({ windowNs: WINDOW, layer: "payload", direction: "both" });
  const engine = new FlowEngine([roundRobin], 3, WINDOW, 1, places.memory.memory);
  const timeline = new CaptureTimeline(WINDOW, engine);
  const [early, windows] = [10, 100];
  let held = 0;
  for (let window = 0; window < windows; window++) {
    timeline.take(places.put(busyWindow(window)));
    if (window === early) held = engine.memory.buffer.byteLength;
  }
  assert.is(engine.memory.buffer.byteLength, held);
  const [{ outcome }] = engine.outcomes(timeline.finish());
  const given = outcome.servers.map(({ connections }) => connections);
  assert.equal(given, Array(3).fill((CONNECTIONS * windows) / 3));
});

test.run();
