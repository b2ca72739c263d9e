/** The events that a capture becomes, held against the connections they were made of. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ByteChoice } from "../../../replay/flow/timeline.ts";
import type { Activity } from "../../../traces/activity.ts";
import { Recorder, type Told } from "../../support/event-recorder.ts";
import { testRandom } from "../../support/random.ts";
import {
  activityOf,
  columnsOf,
  type SmallConnection,
  smallTrace,
} from "../../support/small-trace.ts";

const WIRE: ByteChoice = { layer: "wire", direction: "both" };

/** What is to be told of a connection. */
function expected(connection: SmallConnection, windowNs: number, first: number): Told {
  const windowOf = (time: number) => Math.floor(time / windowNs) - first;
  const bytes = new Map<number, number>();
  let payload = 0;
  for (const packet of connection.packets) {
    const window = windowOf(packet.time);
    bytes.set(window, (bytes.get(window) ?? 0) + packet.wire);
    payload += packet.payload;
  }
  return {
    openWindow: windowOf(connection.open),
    closeWindow: windowOf(connection.close),
    payload,
    bytes,
  };
}

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
      assert.equal(told, expected(trace[id], window, first), `connection ${id}`);
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
    assert.equal(told, expected(trace[id], 1e9, 0), `connection ${id}`);
  }
  assertOrder(found.order, trace);
  assert.is(found.slots, 6000, "slots are used again");
});

/** A connection whose packets of 100 bytes and its number are sent at `times`. */
const connectionOf = (id: number, times: number[], close: number): SmallConnection => ({
  id,
  client: id,
  port: id,
  open: times[0],
  close,
  lag: 0,
  packets: times.map((time) => ({ time, payload: 0, wire: 100 + id, fromServer: false })),
});

/** A group of packets `[connection, time]`, with what opens and closes in it, by number. */
const groupOf = (
  trace: readonly SmallConnection[],
  packets: [number, number][],
  opened: number[],
  closed: number[],
  settled: number,
): Activity => ({
  packets: packets.length,
  slot: Int32Array.from(packets, ([id]) => id),
  time: Float64Array.from(packets, ([, time]) => time),
  payload: new Int32Array(packets.length),
  wire: Float64Array.from(packets, ([id]) => 100 + id),
  fromServer: new Uint8Array(packets.length),
  opened: columnsOf(opened.map((id) => trace[id])),
  openedSlot: Int32Array.from(opened),
  closed: columnsOf(closed.map((id) => trace[id])),
  closedSlot: Int32Array.from(closed),
  settled,
});

test("a packet that is late for a window decided soon keeps its connection's slot until then", () => {
  // The first one closes in window 0, and its last packet of window 1 comes after one of window 3.
  const trace = [
    connectionOf(0, [0, 15e5], 5e5),
    connectionOf(1, [31e5], 31e5),
    connectionOf(2, [32e5], 32e5),
  ];
  const first: [number, number][] = [
    [0, 0],
    [1, 31e5],
    [0, 15e5],
  ];
  const found = new Recorder(1e6, WIRE, [
    groupOf(trace, first, [0, 1], [0], 12e5),
    groupOf(trace, [[2, 32e5]], [2], [1, 2], Number.POSITIVE_INFINITY),
  ]);
  for (const [id, told] of found.told.entries()) {
    assert.equal(told, expected(trace[id], 1e6, 0), `connection ${id}`);
  }
});

for (const direction of ["in", "out", "both"] as const) {
  test(`bytes that go ${direction} count, of late packets, too`, () => {
    const sent = (time: number, wire: number, fromServer: boolean) => ({
      time,
      payload: wire - 60,
      wire,
      fromServer,
    });
    const packets = [sent(0, 61, false), sent(1, 62, true), sent(21e5, 64, false)];
    const late = [sent(11e5, 68, false), sent(12e5, 76, true), sent(22e5, 92, true)];
    const trace = [{ ...connectionOf(0, [0], 22e5), packets: [...packets, ...late] }];
    const times = trace[0].packets.map(({ time }): [number, number] => [0, time]);
    const all: Activity = {
      ...groupOf(trace, times, [0], [0], Number.POSITIVE_INFINITY),
      wire: Float64Array.from(trace[0].packets, ({ wire }) => wire),
      payload: Int32Array.from(trace[0].packets, ({ payload }) => payload),
      fromServer: Uint8Array.from(trace[0].packets, ({ fromServer }) => Number(fromServer)),
    };
    for (const layer of ["wire", "payload"] as const) {
      const { told } = new Recorder(1e6, { layer, direction }, [all]);
      const counted = (window: number): number =>
        trace[0].packets
          .filter(({ time }) => Math.floor(time / 1e6) === window)
          .filter(({ fromServer }) => direction === "both" || fromServer === (direction === "out"))
          .reduce((sum, packet) => sum + packet[layer], 0);
      assert.equal(
        [0, 1, 2].map((window) => told[0].bytes.get(window)),
        [0, 1, 2].map(counted),
      );
    }
  });
}

test("connections open in the order of their numbers, even if their packets come out of order", () => {
  const trace = [
    connectionOf(0, [0], 0),
    connectionOf(1, [25e5], 25e5),
    connectionOf(2, [15e5], 15e5),
  ];
  const packets = trace.map(({ id, open }): [number, number] => [id, open]);
  const all = groupOf(trace, packets, [0, 1, 2], [0, 1, 2], Number.POSITIVE_INFINITY);
  const { told } = new Recorder(1e6, WIRE, [all]);
  assert.equal(
    told.map(({ openWindow, closeWindow, bytes }) => [openWindow, closeWindow, ...bytes]),
    [
      [0, 0, [0, 100]],
      [2, 2, [2, 101]],
      [2, 2, [2, 102]],
    ],
  );
});

test("a slot is a connection's until the last window of its bytes, and then another's", () => {
  // The first one closes in window 0, and sends on in window 3 before it does in window 1.
  const trace = [
    connectionOf(0, [0, 15e5, 31e5], 5e5),
    connectionOf(1, [41e5], 41e5),
    connectionOf(2, [42e5], 42e5),
  ];
  const first: [number, number][] = [
    [0, 0],
    [0, 31e5],
    [0, 15e5],
  ];
  const found = new Recorder(1e6, WIRE, [
    groupOf(trace, first, [0], [0], 22e5),
    groupOf(trace, [[1, 41e5]], [1], [], 40e5),
    groupOf(trace, [[2, 42e5]], [2], [1, 2], Number.POSITIVE_INFINITY),
  ]);
  for (const [id, told] of found.told.entries()) {
    assert.equal(told, expected(trace[id], 1e6, 0), `connection ${id}`);
  }
  assert.is(found.slots, 2);
});

test("a packet of a window that has been handed on counts in the first one that has not", () => {
  const trace = [connectionOf(0, [0, 12e5], 36e5)];
  const { told, span } = new Recorder(1e6, WIRE, [
    groupOf(trace, [[0, 0]], [0], [], 35e5),
    groupOf(trace, [[0, 12e5]], [], [0], Number.POSITIVE_INFINITY),
  ]);
  const [{ closeWindow, bytes }] = told;
  assert.equal([closeWindow, span.windows, ...bytes], [3, 4, [0, 100], [3, 100]]);
});

test("groups in which nothing opens are no windows, before the first connection or alone", () => {
  const trace = smallTrace(testRandom(3), 50);
  const none: Activity = {
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
