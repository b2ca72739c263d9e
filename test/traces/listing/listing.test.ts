/** Connections in order of start, as text that says exactly what the columns hold. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatWords } from "../../../stack/wire/address.ts";
import { CLOSE_NAMES, ConnectionColumns } from "../../../traces/connection.ts";
import { ConnectionListing } from "../../../traces/listing/connection-listing.ts";
import { CSV_HEADER, CSV_LINES, JSON_LINES } from "../../../traces/listing/line-style.ts";
import { OrderedColumns } from "../../../traces/listing/ordered-columns.ts";
import { type TestRandom, testRandom } from "../../support/random.ts";

const COLUMNS = Object.keys(new ConnectionColumns(0)).filter(
  (name) => name !== "capacity" && name !== "count",
) as Exclude<keyof ConnectionColumns, "capacity" | "count">[];

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** The last and the first connection of blocks of 4096 that hold no other over IPv6. */
const ALONE = [4 * 4096 - 1, 8 * 4096];
/** Whether a connection is one over IPv6: none is of thousands, then every other one of as many. */
const isV6 = (id: number): boolean => (id % 2 === 1 && id % 20_000 < 10_000) || ALONE.includes(id);

/** A block of connections with the given ids; what else they hold is told by the id. */
function columns(ids: readonly number[]): ConnectionColumns {
  const rows = new ConnectionColumns(ids.length);
  rows.count = ids.length;
  for (const [row, id] of ids.entries()) {
    rows.id[row] = id;
    rows.start[row] = id * 1000;
    rows.duration[row] = 7 * id;
    rows.client.set([0, 0, 0xffff, 0x0a000000 + id], 4 * row);
    rows.server.set(isV6(id) ? [0x20010db8, 0, 0, id] : [0, 0, 0xffff, 0xcb007109], 4 * row);
    rows.clientPort[row] = id;
    rows.serverPort[row] = 443;
    rows.protocol[row] = id % 3 ? 6 : 17;
    rows.close[row] = id % 4;
    rows.flags[row] = id & 1;
    rows.clientBytes[row] = 3e9 * id;
    rows.serverBytes[row] = 5 * id;
    rows.clientPackets[row] = id;
    rows.serverPackets[row] = 5e9;
    rows.clientWireBytes[row] = 4e9 * id;
    rows.serverWireBytes[row] = 6 * id;
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
    serverPackets: 5e9,
    close: CLOSE_NAMES[1],
    midstream: true,
  });
  const csv = await text(CSV_LINES);
  assert.is(
    csv[1],
    "10.0.0.1,1,2001:db8::1,443,tcp,1700000001.000000500,0.000000007,3000000000,5,1,5000000000,reset,true",
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

/** Ids as they close: most soon, some much later, and the very first one, if `held`, last of all. */
function closing(total: number, random: TestRandom, held = true): number[] {
  const delay = (id: number): number => {
    if (id === 0 && held) return 2 * total;
    if (!held) return random.below(50);
    return random.below(100) === 0 ? random.below(total) : random.below(50);
  };
  const due = Array.from({ length: total }, (_, id) => ({ id, at: id + delay(id) }));
  return due.sort((a, b) => a.at - b.at).map(({ id }) => id);
}

const TOTAL = 100_000;
const AT_ONCE = 1500;

/** Ids of connections as they are handed on, which have to be as they were put in. */
function handedOn(order: OrderedColumns, ids: readonly number[]): number[] {
  const seen: number[] = [];
  const see = (rows: ConnectionColumns): void => {
    for (let row = 0; row < rows.count; row++) {
      assert.is(rows.start[row], 1000 * rows.id[row]);
      seen.push(rows.id[row]);
    }
  };
  for (let from = 0; from < ids.length; from += 100) {
    for (const rows of order.add(columns(ids.slice(from, from + 100)))) see(rows);
  }
  for (const rows of order.end()) see(rows);
  return seen;
}

test("connections that close soon are handed on once, though their places are used again", () => {
  const ids = closing(30_000, testRandom(9), false);
  // One that has not closed holds back what began after it.
  const held = 20_000;
  const seen = handedOn(
    new OrderedColumns(),
    ids.filter((id) => id !== held),
  );
  assert.equal(
    seen,
    Array.from({ length: held }, (_, id) => id),
  );
});

test("connections a million apart do not get in each other's way", () => {
  const far = 256 * 4096;
  assert.equal(handedOn(new OrderedColumns(), [1, far + 1, far, 2, 0]), [0, 1, 2]);
});

for (const mostBlocks of [2, 5, 1000]) {
  test(`columns come in order of start however they close, ${mostBlocks} blocks in memory`, () => {
    const ids = closing(TOTAL, testRandom(mostBlocks));
    const order = new OrderedColumns(mostBlocks);
    let seen = 0;
    const see = (blocks: Iterable<ConnectionColumns>) => {
      for (const rows of blocks) {
        const expected = columns(Array.from({ length: rows.count }, (_, i) => seen + i));
        for (const name of COLUMNS) {
          const width = name === "client" || name === "server" ? 4 : 1;
          const found = rows[name].subarray(0, width * rows.count);
          assert.is(Buffer.compare(bytesOf(found), bytesOf(expected[name])), 0, name);
        }
        seen += rows.count;
      }
    };
    for (let from = 0; from < TOTAL; from += AT_ONCE) {
      see(order.add(columns(ids.slice(from, from + AT_ONCE))));
    }
    see(order.end());
    assert.is(seen, TOTAL);
  });

  test(`and so do lines, ${mostBlocks} blocks in memory`, async () => {
    const ids = closing(TOTAL, testRandom(mostBlocks + 1));
    let text = "";
    const sink = (bytes: Uint8Array) => {
      text += Buffer.from(bytes).toString();
    };
    const listing = new ConnectionListing(CSV_LINES, () => 0n, sink, mostBlocks);
    for (let from = 0; from < TOTAL; from += AT_ONCE) {
      await listing.add(columns(ids.slice(from, from + AT_ONCE)));
    }
    await listing.end();
    const lines = text.trimEnd().split("\n");
    assert.is(lines.length, TOTAL);
    for (const [id, line] of lines.entries()) {
      const server = isV6(id) ? formatWords(0x20010db8, 0, 0, id) : "203.0.113.9";
      const [, , found, port, , start] = line.split(",");
      assert.is(`${found} ${port} ${start}`, `${server} 443 ${(id / 1e6).toFixed(6)}`);
    }
  });
}

test.run();
