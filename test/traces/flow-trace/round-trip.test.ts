import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionColumns, copyRows } from "../../../traces/connection.ts";
import type { Damage } from "../../../traces/errors.ts";
import { FlowTraceWriter } from "../../../traces/flow-trace/writer.ts";
import { flowTraceOf } from "../../support/byte-source.ts";
import { columnsOf, someConnections } from "../../support/connections.ts";

const folder = mkdtempSync(join(tmpdir(), "anypin-flows-"));
const path = join(folder, "t.flows");
const info = { origin: -1_500_000_001n, tool: "test", source: ["a.pcap"], durations: "recorded" };

const test = suite("flow traces");
test.after(() => rmSync(folder, { recursive: true }));

async function readBack(size: number): Promise<{
  rows: ConnectionColumns;
  info: unknown;
  damage: readonly Damage[];
}> {
  const { reader, damage } = flowTraceOf(readFileSync(path), size);
  const rows = new ConnectionColumns(200_000);
  for await (const block of reader.blocks()) {
    copyRows(block, 0, rows, rows.count, block.count);
    rows.count += block.count;
  }
  return { rows, info: reader.info, damage: damage.entries };
}

for (const unit of [1, 1000, 1_000_000]) {
  for (const compress of [false, true]) {
    test(`times in ${unit} ns, ${compress ? "deflated" : "plain"}: every column comes back`, async () => {
      const rows = someConnections(unit, 150_000, unit);
      const writer = new FlowTraceWriter(path, info, { compress });
      writer.append(rows);
      assert.is(writer.close(), statSync(path).size);
      const back = await readBack(1 << 20);
      assert.equal(back.damage, []);
      assert.equal(back.info, info);
      const columns = columnsOf(back.rows);
      for (const [name, column] of Object.entries(columnsOf(rows))) {
        assert.ok(
          columns[name].every((value, i) => value === column[i]),
          `column ${name}`,
        );
      }
    });
  }
}

test("however the bytes arrive, the rows are the same", async () => {
  const rows = someConnections(5, 1000);
  const writer = new FlowTraceWriter(path, info);
  writer.append(rows);
  writer.close();
  for (const size of [1, 7, 19, 20, 21, 4096]) {
    const back = await readBack(size);
    assert.equal(back.damage, []);
    assert.equal(columnsOf(back.rows), columnsOf(rows));
  }
});

test("a trace of no connections is a trace", async () => {
  new FlowTraceWriter(path, info).close();
  const back = await readBack(64);
  assert.is(back.rows.count, 0);
  assert.equal(back.damage, []);
});

test.run();
