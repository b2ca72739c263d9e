/** Connections made up by a seeded generator, for tests of whatever carries them. */
import { ConnectionColumns } from "../../traces/connection.ts";
import { testRandom } from "./random.ts";

/** `count` rows in order of start; times in whole `unit` nanoseconds, some addresses IPv6. */
export function someConnections(seed: number, count: number, unit = 1000): ConnectionColumns {
  const random = testRandom(seed);
  const rows = new ConnectionColumns(count);
  rows.count = count;
  let start = random.below(1000) * unit;
  for (let i = 0; i < count; i++) {
    rows.id[i] = i;
    rows.start[i] = start;
    start += random.below(1 << random.below(28)) * unit;
    rows.duration[i] = random.below(2 ** random.below(40)) * unit;
    address(rows.client, i, random.below(8) === 0, random.word());
    address(rows.server, i, random.below(16) === 0, 0xcb007100 + random.below(3));
    rows.clientPort[i] = random.below(65536);
    rows.serverPort[i] = random.pick([80, 443, 53]);
    rows.protocol[i] = random.pick([6, 6, 6, 17]);
    rows.close[i] = random.below(4);
    rows.flags[i] = random.below(2);
    for (const [bytes, wire, packets] of [
      [rows.clientBytes, rows.clientWireBytes, rows.clientPackets],
      [rows.serverBytes, rows.serverWireBytes, rows.serverPackets],
    ]) {
      packets[i] = random.below(1 << random.below(12));
      bytes[i] = packets[i] * random.below(1460);
      wire[i] = bytes[i] + packets[i] * (28 + random.below(60));
    }
  }
  return rows;
}

function address(words: Uint32Array, row: number, v6: boolean, low: number): void {
  words.set(v6 ? [0x20010db8, low, 0, row] : [0, 0, 0xffff, low], 4 * row);
}

/** Every column of the rows in use, for a comparison that names the column that differs. */
export function columnsOf(rows: ConnectionColumns): Record<string, number[]> {
  const wide = new Set(["client", "server"]);
  return Object.fromEntries(
    Object.entries(rows)
      .filter(([, column]) => ArrayBuffer.isView(column))
      .map(([name, column]) => [
        name,
        Array.from(column.subarray(0, rows.count * (wide.has(name) ? 4 : 1)) as Float64Array),
      ]),
  );
}
