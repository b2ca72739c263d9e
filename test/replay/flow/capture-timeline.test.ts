/** The events that a capture becomes, held against the connections they were made of. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ByteChoice } from "../../../traces/activity.ts";
import { Recorder, toldOf } from "../../support/event-recorder.ts";
import type { MadeActivity } from "../../support/place-activity.ts";
import { testRandom } from "../../support/random.ts";
import {
  activityOf,
  columnsOf,
  type SmallConnection,
  smallTrace,
} from "../../support/small-trace.ts";

const WIRE: ByteChoice = { layer: "wire", direction: "both" };

/** Every close before an opening at `t` is of a time up to `t`, and all of those are before it. */
function assertOrder(order: readonly { opens: boolean; id: number }[], trace: SmallConnection[]) {
  const open = new Set<number>();
  let next = 0;
  let latestClose = Number.NEGATIVE_INFINITY;
  for (const { opens, id } of order) {
    if (!opens) {
      assert.ok(open.delete(id));
      assert.ok(trace[id].close >= latestClose || trace[id].close === trace[id].open);
      latestClose = Math.max(latestClose, trace[id].close);
      continue;
    }
    assert.is(id, next++);
    assert.ok(latestClose <= trace[id].open);
    for (const other of open) assert.ok(trace[other].close > trace[id].open);
    open.add(id);
  }
  assert.is(open.size, 0);
}

const CASES = [
  { connections: 300, window: 1e6, group: 5, scale: 1, spread: 1 },
  { connections: 3000, window: 7e6, group: 64, scale: 1, spread: 1 },
  // Amounts that need all bytes of a record's numbers, times that do, windows that lie far apart.
  { connections: 1500, window: 5e8, group: 16, scale: 2 ** 38 - 1, spread: 999_983 },
  { connections: 1500, window: 86_400e9, group: 300, scale: 2 ** 20, spread: 7e6 },
  // More events in a window than a block has, and more windows than a list had room for.
  { connections: 4000, window: 1e15, group: 500, scale: 1, spread: 1 },
  { connections: 2500, window: 1e6, group: 9, scale: 3, spread: 11 },
];

for (const [seed, { connections, window, group, scale, spread }] of CASES.entries()) {
  test(`events tell all of ${connections} connections in windows of ${window / 1e6} ms`, () => {
    const trace = smallTrace(testRandom(seed), connections).map((connection) => ({
      ...connection,
      open: connection.open * spread,
      close: connection.close * spread,
      lag: connection.lag * spread,
      packets: connection.packets.map((packet) => ({
        ...packet,
        time: packet.time * spread,
        payload: packet.payload * scale,
        wire: packet.wire * scale,
      })),
    }));
    const found = new Recorder(window, WIRE, activityOf(trace, testRandom(group), group));
    const first = Math.floor(trace[0].open / window);
    assert.is(found.span.startNs, first * window);
    assert.is(found.told.length, trace.length);
    for (const [id, told] of found.told.entries()) {
      assert.equal(told, toldOf(trace[id], window, first), `connection ${id}`);
    }
    assertOrder(found.order, trace);
  });
}

test("windows of many closes are told whole, with one of few in another order between them", () => {
  const random = testRandom(5);
  // Those of a busy window close as they opened, those of the quiet one in any order.
  const trace = [3000, 40, 3000, 40, 6000].flatMap((count, window) =>
    Array.from({ length: count }, (_, i): SmallConnection => {
      const open = 1e9 * window + i;
      const close = 1e9 * window + (count > 40 ? 1e8 + i : 1e8 + random.below(1000));
      const packets = [open, close].map((time) => ({
        time,
        payload: 10 + i,
        wire: 60 + i,
        fromServer: false,
      }));
      return { id: 0, client: i, port: window, open, close, lag: 0, packets };
    }),
  );
  for (const [id, connection] of trace.entries()) connection.id = id;
  const found = new Recorder(1e9, WIRE, activityOf(trace, testRandom(6), 500));
  for (const [id, told] of found.told.entries()) {
    assert.equal(told, toldOf(trace[id], 1e9, 0), `connection ${id}`);
  }
  assertOrder(found.order, trace);
  assert.is(found.slots, 6000, "slots are used again");
});

test("groups in which nothing opens are no windows, before the first connection or alone", () => {
  const trace = smallTrace(testRandom(3), 50);
  const none: MadeActivity = {
    packets: 3,
    slot: Int32Array.of(-1, -1, -1),
    time: Float64Array.of(-9e9, -8e9, -7e9),
    payload: new Int32Array(3),
    wire: new Float64Array(3),
    fromServer: new Uint8Array(3),
    opened: columnsOf([]),
    openedSlot: new Int32Array(0),
    closed: columnsOf([]),
    closedSlot: new Int32Array(0),
    settled: -7e9,
  };
  assert.equal(new Recorder(1e8, WIRE, [none]).span, { startNs: 0, windows: 0 });
  const groups = () => activityOf(trace, testRandom(4), 20);
  const after = new Recorder(1e8, WIRE, [none, ...groups()]);
  assert.equal(after.span, new Recorder(1e8, WIRE, groups()).span);
});

test.run();
