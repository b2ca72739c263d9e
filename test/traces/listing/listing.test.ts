/** Connections in order of start, as text that says exactly what the columns hold. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLOSE_NAMES, ConnectionColumns } from "../../../traces/connection.ts";
import { ByteText } from "../../../traces/listing/byte-text.ts";
import { ConnectionListing } from "../../../traces/listing/connection-listing.ts";
import { CSV_HEADER, CSV_LINES, JSON_LINES } from "../../../traces/listing/connection-text.ts";
import { ROW_DOUBLES, ROW_START } from "../../../traces/listing/row-layout.ts";
import { StartOrder } from "../../../traces/listing/start-order.ts";
import { testRandom } from "../../support/random.ts";

const written = (put: (text: ByteText) => void): string => {
  const text = new ByteText(100);
  put(text);
  return Buffer.from(text.bytes.subarray(0, text.length)).toString();
};

test("whole numbers are written to the last digit, up to 2^53", () => {
  const random = testRandom(3);
  const values = [0, 9, 10, 99, 100, 101, 2147483647, 2147483648, 4294967296, 1e15, 2 ** 53 - 1];
  for (let i = 0; i < 1000; i++) values.push(random.word() * random.below(2 ** 20));
  for (const value of values)
    assert.is(
      written((t) => t.putWhole(value)),
      String(value),
    );
});

test("seconds have six digits behind the point, nine when nanoseconds are there", () => {
  const seconds = (whole: number, nanoseconds: number) =>
    written((text) => text.putSeconds(whole, nanoseconds));
  assert.is(seconds(1700000000, 1000), "1700000000.000001");
  assert.is(seconds(1700000000, 999_999_999_999), "1700000999.999999999");
  assert.is(seconds(0, 0), "0.000000");
  assert.is(seconds(5, 50_000_000), "5.050000");
  assert.is(seconds(1, -1), "0.999999999");
  assert.is(seconds(0, -1_500_000_000), "-1.500000");
});

/** A block of connections with the given ids; what else they hold is told by the id. */
function columns(ids: readonly number[]): ConnectionColumns {
  const rows = new ConnectionColumns(ids.length);
  rows.count = ids.length;
  for (const [row, id] of ids.entries()) {
    rows.id[row] = id;
    rows.start[row] = id * 1000;
    rows.duration[row] = 7 * id;
    rows.client.set([0, 0, 0xffff, 0x0a000000 + id], 4 * row);
    rows.server.set(id % 2 ? [0x20010db8, 0, 0, id] : [0, 0, 0xffff, 0xcb007109], 4 * row);
    rows.clientPort[row] = id;
    rows.serverPort[row] = 443;
    rows.protocol[row] = id % 3 ? 6 : 17;
    rows.close[row] = id % 4;
    rows.flags[row] = id & 1;
    rows.clientBytes[row] = 3e9 * id;
    rows.serverBytes[row] = 5 * id;
    rows.clientPackets[row] = id;
    rows.serverPackets[row] = 4e9;
  }
  return rows;
}

test("lines of CSV and JSON agree, and say what the columns hold", async () => {
  const text = async (style: typeof CSV_LINES) => {
    let out = "";
    const listing = new ConnectionListing(
      style,
      () => 1_700_000_000_999_999_500n,
      (bytes) => {
        out += Buffer.from(bytes).toString();
      },
    );
    await listing.add(columns([2, 0, 3, 1]));
    await listing.end();
    return out.trimEnd().split("\n");
  };
  const json = (await text(JSON_LINES)).map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(json[1], {
    client: "10.0.0.1",
    clientPort: 1,
    server: "2001:db8::1",
    serverPort: 443,
    protocol: "tcp",
    start: 1_700_000_001.0000005,
    duration: 7e-9,
    clientBytes: 3e9,
    serverBytes: 5,
    clientPackets: 1,
    serverPackets: 4e9,
    close: CLOSE_NAMES[1],
    midstream: true,
  });
  const csv = await text(CSV_LINES);
  assert.is(
    csv[1],
    "10.0.0.1,1,2001:db8::1,443,tcp,1700000001.000000500,0.000000007,3000000000,5,1,4000000000,reset,true",
  );
  assert.equal(CSV_HEADER.trimEnd().split(","), Object.keys(json[0]));
  for (const [i, line] of csv.entries()) {
    const values = Object.values(json[i]).map(String);
    assert.equal(
      line.split(",").filter((_, n) => n !== 5 && n !== 6),
      values.filter((_, n) => n !== 5 && n !== 6),
    );
  }
});

for (const mostBlocks of [2, 5, 1000]) {
  test(`rows come in order of start however they close, ${mostBlocks} blocks in memory`, () => {
    const random = testRandom(mostBlocks);
    const total = 60_000;
    const order = new StartOrder(mostBlocks);
    const seen: number[] = [];
    const drain = () => {
      for (const { rows, first, end } of order.ready()) {
        for (let r = first; r < end; r++)
          seen.push(rows.doubles[r * ROW_DOUBLES + ROW_START] / 1000);
      }
    };
    // Most close soon, some much later, the very first one last of all.
    const due = Array.from({ length: total }, (_, id) => ({
      id,
      at:
        id +
        (id === 0 ? 2 * total : random.below(100) === 0 ? random.below(total) : random.below(50)),
    })).sort((a, b) => a.at - b.at);
    for (let from = 0; from < total; from += 500) {
      order.add(columns(due.slice(from, from + 500).map(({ id }) => id)));
      drain();
    }
    order.close();
    assert.is(seen.length, total);
    assert.ok(seen.every((id, i) => id === i));
  });
}

test.run();
