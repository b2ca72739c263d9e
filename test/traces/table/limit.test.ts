/** What a table does whose memory is full. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENDS_ALONE } from "../../../traces/activity.ts";
import { ActivityColumns } from "../../../traces/activity-columns.ts";
import * as row from "../../../traces/decode/packet-rows.ts";
import { ConnectionTable } from "../../../traces/table/connection-table.ts";
import { TraceMemory } from "../../../traces/trace-memory.ts";

const { CHUNK_PACKETS, chunkRows, KIND, PORTS, ROW_SHIFT, SOURCE } = row;
const MOST = 10 << 20;

test("connections beyond the memory there is are refused in words, those before were followed", () => {
  const memory = new TraceMemory(MOST);
  const idle = { idleTcp: 3e11, idleUdp: 6e10 };
  const options = { ...idle, service: null, telling: ENDS_ALONE };
  const table = new ConnectionTable(options, memory.memory);
  const rows = chunkRows(memory);
  const activityAt = memory.place(ActivityColumns.bytes(CHUNK_PACKETS));
  const activity = new ActivityColumns(CHUNK_PACKETS, memory.buffer, activityAt);
  let taken = 0;
  const take = (): void => {
    for (let i = 0; i < CHUNK_PACKETS; i++) {
      rows.words[(i << ROW_SHIFT) + KIND] = 0;
      rows.words[(i << ROW_SHIFT) + SOURCE] = taken + i;
      rows.words[(i << ROW_SHIFT) + PORTS] = 80;
    }
    activity.clear();
    table.take(rows, 0, CHUNK_PACKETS, activity);
    taken += CHUNK_PACKETS;
  };
  assert.throws(
    () => {
      for (;;) take();
    },
    ({ name, message }: Error) => name === "LimitError" && /4 GiB.*open at once/.test(message),
  );
  assert.is(table.size, taken);
  // Two cache lines a connection, four bytes for each of four heads and for its number.
  assert.ok(taken * 148 > MOST / 8, `${taken} connections`);
});

test.run();
