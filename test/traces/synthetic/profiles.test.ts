import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionColumns } from "../../../traces/connection.ts";
import type { SyntheticOptions } from "../../../traces/synthetic/profile.ts";
import { PROFILES } from "../../../traces/synthetic/profiles.ts";
import { requestsPerMinute, SERIES_START } from "../../../traces/synthetic/worldcup98.ts";
import { columnsOf } from "../../support/connections.ts";
import { haveShared, sharedPath } from "../../support/project.ts";

function generated(name: string, options: SyntheticOptions): ConnectionColumns {
  const profile = PROFILES.find((p) => p.name === name);
  if (!profile) throw new Error(`no profile ${name}`);
  const trace = profile.create(options);
  const rows = new ConnectionColumns(trace.connections);
  trace.fill(rows);
  assert.is(rows.count, trace.connections);
  return rows;
}

for (const { name } of PROFILES) {
  test(`${name}: the asked number of connections, in order of start, the same for a seed`, () => {
    const rows = generated(name, { connections: 5000, seconds: 60, seed: 3 });
    assert.is(rows.count, 5000);
    for (let i = 1; i < rows.count; i++) assert.ok(rows.start[i] >= rows.start[i - 1]);
    const again = columnsOf(generated(name, { connections: 5000, seconds: 60, seed: 3 }));
    assert.equal(again, columnsOf(rows));
    const other = columnsOf(generated(name, { connections: 5000, seconds: 60, seed: 4 }));
    for (const column of ["start", "duration", "client", "serverBytes"]) {
      assert.not.equal(other[column], again[column], column);
    }
  });

  test(`${name}: filled in blocks of any size it is the same trace`, () => {
    const profile = PROFILES.find((p) => p.name === name);
    const whole = columnsOf(generated(name, { connections: 1000, seconds: 10, seed: 1 }));
    const trace = profile?.create({ connections: 1000, seconds: 10, seed: 1 });
    const block = new ConnectionColumns(77);
    const starts: number[] = [];
    for (trace?.fill(block); block.count > 0; trace?.fill(block)) {
      starts.push(...block.start.subarray(0, block.count));
    }
    assert.equal(starts, whole.start);
  });

  test(`${name}: no client has two connections open from the same port`, () => {
    const rows = generated(name, { connections: 50_000, seed: 2 });
    const busy = new Map<number, number>();
    for (let i = 0; i < rows.count; i++) {
      const key = rows.client[4 * i + 3] * 65536 + rows.clientPort[i];
      assert.ok((busy.get(key) ?? -1) < rows.start[i], `connection ${i}`);
      busy.set(key, rows.start[i] + rows.duration[i]);
    }
  });
}

test("a profile given seconds lasts about as long", () => {
  for (const { name } of PROFILES) {
    const rows = generated(name, { connections: 20_000, seconds: 300, seed: 5 });
    const span = rows.start[rows.count - 1] / 1e9;
    assert.ok(span > 200 && span < 450, `${name}: ${span} s`);
  }
});

test("worldcup98 holds the published series, minute for minute", () => {
  const minutes = requestsPerMinute();
  assert.is(
    minutes.reduce((sum, n) => sum + n, 0),
    1_352_804_107,
  );
  const csv = "workload/worldcup98-requests-per-minute.csv";
  if (!haveShared(csv, "the World Cup series against its source")) return;
  for (const line of readFileSync(sharedPath(csv), "utf8").trim().split("\n").slice(1)) {
    const [time, count] = line.split(",");
    const minute = (Date.parse(`${time.replace(" ", "T")}Z`) - Date.parse(SERIES_START)) / 60_000;
    assert.is(minutes[minute], Number(count), time);
  }
});

test.run();
