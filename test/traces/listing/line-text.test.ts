/** Numbers, times and addresses of a listing against what plain JavaScript makes of them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatWords } from "../../../stack/wire/address.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { ConnectionListing } from "../../../traces/listing/connection-listing.ts";
import { CSV_LINES } from "../../../traces/listing/line-style.ts";
import { type TestRandom, testRandom } from "../../support/random.ts";

const ROUNDS = 5000;
const BILLION = 1_000_000_000n;

/** The fields of CSV lines of connections with ids in order, times counting from `origin`. */
async function fields(rows: ConnectionColumns, origin = 0n): Promise<string[][]> {
  let out = "";
  const sink = (bytes: Uint8Array) => {
    out += Buffer.from(bytes).toString();
  };
  const listing = new ConnectionListing(CSV_LINES, () => origin, sink);
  await listing.add(rows);
  await listing.end();
  const lines = out.split("\n");
  assert.is(lines.pop(), "");
  return lines.map((line) => line.split(","));
}

function connections(count: number): ConnectionColumns {
  const rows = new ConnectionColumns(count);
  rows.count = count;
  for (let i = 0; i < count; i++) rows.id[i] = i;
  return rows;
}

/** Whole numbers up to 2^53 of every length, and those about powers of ten. */
function wholeNumbers(random: TestRandom): number[] {
  const values = [0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53];
  for (let power = 1; power <= 1e15; power *= 10) values.push(power - 1, power, power + 1);
  while (values.length < ROUNDS) {
    values.push(
      Math.floor((random.word() * 2 ** 21 + random.below(2 ** 21)) / 2 ** random.below(53)),
    );
  }
  return values;
}

test("whole numbers are written to the last digit, up to 2^53", async () => {
  const values = wholeNumbers(testRandom(3));
  const rows = connections(values.length);
  rows.clientBytes.set(values);
  rows.serverPackets.set(values);
  for (const [i, value] of values.entries()) {
    rows.clientPort[i] = value;
    rows.serverPort[i] = 65535 - (value % 65536);
  }
  for (const [i, line] of (await fields(rows)).entries()) {
    assert.is(line[7], String(values[i]));
    assert.is(line[10], String(values[i]));
    assert.is(line[1], String(rows.clientPort[i]));
    assert.is(line[3], String(rows.serverPort[i]));
  }
});

/** Nanoseconds as exact decimal seconds, by arithmetic on whole numbers and text. */
function decimal(nanoseconds: bigint): string {
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const fraction = String(magnitude % BILLION).padStart(9, "0");
  const shown = fraction.endsWith("000") ? fraction.slice(0, 6) : fraction;
  return `${nanoseconds < 0n ? "-" : ""}${magnitude / BILLION}.${shown}`;
}

test("times are exact, with six digits behind the point or nine, on both sides of 1970", async () => {
  const random = testRandom(4);
  const origins = [0n, -1n, -BILLION, 999_999_999n, 1_700_000_000_999_999_500n, -(2n ** 61n)];
  for (const origin of origins) {
    const times = [0, 1, -1, 999, 1000, -1000, 1e9, -1e9, 1e9 - 1, 1e9 + 1, 9e15, -9e15];
    // Doubles about whole seconds far away: a quotient of doubles would round across them.
    for (let second = 1; second < 9e6; second *= 3) times.push(second * 1e9 - 1, 1 - second * 1e9);
    while (times.length < ROUNDS / origins.length) {
      const size = Math.floor((random.word() * 2 ** 20) / 2 ** random.below(52));
      times.push((random.below(2) ? 1 : -1) * (random.below(2) ? size : 1000 * (size % 1e12)));
    }
    const rows = connections(times.length);
    rows.start.set(times);
    rows.duration.set(times.map(Math.abs));
    for (const [i, line] of (await fields(rows, origin)).entries()) {
      assert.is(line[5], decimal(origin + BigInt(times[i])));
      assert.is(line[6], decimal(BigInt(Math.abs(times[i]))));
    }
  }
});

test("addresses are dotted quads or the text of RFC 5952, wherever their zeros are", async () => {
  const random = testRandom(5);
  const addresses: number[][] = [
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [1, 0, 0, 0],
    [0, 0, 0xffff, 0],
    [0, 0, 0xffff, 0xffffffff],
    [0, 0, 0xfffe, 1],
    [0, 1, 0xffff, 1],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
  ];
  // Groups where one digit more begins.
  for (const n of [0xf, 0x10, 0xff, 0x100, 0xfff, 0x1000])
    addresses.push(Array(4).fill((n << 16) | n));
  // Every pattern of zero groups, the others of one to four digits.
  for (let zeros = 0; zeros < 256; zeros++) {
    const group = (i: number) =>
      zeros & (1 << i) ? 0 : 1 + random.below(0xffff >>> random.below(15));
    addresses.push([0, 2, 4, 6].map((i) => ((group(i) << 16) | group(i + 1)) >>> 0));
  }
  for (let i = 0; i < 1000; i++) addresses.push([0, 0, 0xffff, random.word()]);
  const rows = connections(addresses.length);
  for (const [i, words] of addresses.entries()) {
    rows.client.set(words, 4 * i);
    rows.server.set(addresses[addresses.length - 1 - i], 4 * i);
  }
  for (const [i, line] of (await fields(rows)).entries()) {
    const text = ([w0, w1, w2, w3]: number[]) => formatWords(w0, w1, w2, w3);
    assert.is(line[0], text(addresses[i]));
    assert.is(line[2], text(addresses[addresses.length - 1 - i]));
  }
});

test("a line that is longer than any other keeps its place", async () => {
  const rows = connections(5000);
  for (let i = 0; i < rows.count; i++) {
    rows.client.fill(0xffffffff, 4 * i, 4 * i + 4);
    rows.clientBytes[i] = 2 ** 53;
    rows.close[i] = 1;
    rows.start[i] = -9e15 + i;
  }
  const lines = await fields(rows, -(2n ** 62n));
  assert.is(lines.length, rows.count);
  for (const [i, line] of lines.entries()) {
    assert.is(line[0], "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    assert.is(line[5], decimal(BigInt(rows.start[i]) - 2n ** 62n));
    assert.equal(line.slice(-2), ["reset", "false"]);
  }
});

test.run();
