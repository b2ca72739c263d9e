/** Packets that come late: for their connection's close, for their window, for their turn. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ByteChoice } from "../../../traces/activity.ts";
import { Recorder, toldOf } from "../../support/event-recorder.ts";
import type { MadeActivity } from "../../support/place-activity.ts";
import { columnsOf, type SmallConnection } from "../../support/small-trace.ts";

const WIRE: ByteChoice = { layer: "wire", direction: "both" };

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
): MadeActivity => ({
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

/** All that is to be told of the trace's connections has been, in windows of a millisecond. */
function assertTold({ told }: Recorder, trace: readonly SmallConnection[]): void {
  assert.is(told.length, trace.length);
  for (const [id, one] of told.entries()) {
    assert.equal(one, toldOf(trace[id], 1e6, 0), `connection ${id}`);
  }
}

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
  assertTold(found, trace);
});

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
  assertTold(found, trace);
  assert.is(found.slots, 2);
});

for (const [which, time] of [
  ["that the last packet was in", 5e5],
  ["after it", 12e5],
] as const) {
  test(`a packet of a window handed on, ${which}, counts in the first one that has not been`, () => {
    const trace = [connectionOf(0, [0, time], 36e5)];
    const { told, span } = new Recorder(1e6, WIRE, [
      groupOf(trace, [[0, 0]], [0], [], 35e5),
      groupOf(trace, [[0, time]], [], [0], Number.POSITIVE_INFINITY),
    ]);
    const [{ closeWindow, bytes }] = told;
    assert.equal([closeWindow, span.windows, ...bytes], [3, 4, [0, 100], [3, 100]]);
  });
}

test.run();
