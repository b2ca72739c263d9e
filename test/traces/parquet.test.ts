import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLOSE_NAMES } from "../../traces/connection.ts";
import { parquetWriters } from "../../traces/parquet.ts";
import { someConnections } from "../support/connections.ts";

test("a Parquet reader finds every connection, in the columns of the CSV", async () => {
  const folder = mkdtempSync(join(tmpdir(), "anypin-parquet-"));
  try {
    const path = join(folder, "t.parquet");
    const rows = someConnections(2, 70_000);
    const origin = 837_100_000_000_000_000n;
    const writer = (await parquetWriters())(path, origin);
    writer.append(rows);
    rows.count = 0;
    writer.append(rows);
    writer.close();
    const bytes = readFileSync(path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const back = await parquetReadObjects({
      file,
      parsers: { timestampFromNanoseconds: (n) => n },
    });
    assert.is(back.length, 70_000);
    for (const row of [0, 1, 65_535, 65_536, 69_999]) {
      const { client, server, ...rest } = back[row];
      assert.type(client, "string");
      assert.match(server, /^(203\.0\.113\.\d|2001:db8:.*)$/);
      assert.equal(rest, {
        clientPort: rows.clientPort[row],
        serverPort: rows.serverPort[row],
        protocol: rows.protocol[row] === 6 ? "tcp" : "udp",
        start: origin + BigInt(rows.start[row]),
        duration: rows.duration[row] / 1e9,
        clientBytes: BigInt(rows.clientBytes[row]),
        serverBytes: BigInt(rows.serverBytes[row]),
        clientPackets: BigInt(rows.clientPackets[row]),
        serverPackets: BigInt(rows.serverPackets[row]),
        close: CLOSE_NAMES[rows.close[row]],
        midstream: rows.flags[row] === 1,
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
