import { test } from "uvu";
import * as assert from "uvu/assert";
import { foldSum, pseudoHeaderV4, sumBytes } from "../../../stack/wire/checksum.ts";
import * as ip from "../../../stack/wire/ipv4.ts";
import * as tcp from "../../../stack/wire/tcp.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { makePackets } from "../../../traces/synthetic/conversations.ts";
import { olympic96 } from "../../../traces/synthetic/olympic96.ts";

interface Seen {
  first: number;
  last: number;
  bytes: number[];
  packets: number[];
  wire: number[];
}

/** Every conversation of a small trace, as an onlooker counts it. */
function watch(seed: number): { seen: Map<string, Seen>; expected: ConnectionColumns } {
  const options = { connections: 3000, seed };
  const expected = new ConnectionColumns(3000);
  olympic96.create(options).fill(expected);
  const seen = new Map<string, Seen>();
  let now = 0;
  const sink = (time: number, bytes: Uint8Array, length: number) => {
    assert.ok(time >= now, "packets are in order of time");
    now = time;
    const view = new DataView(bytes.buffer);
    const total = ip.totalLength(view, 14);
    assert.is(total + 14, length);
    assert.is(foldSum(sumBytes(view, 14, 20)), 0xffff, "IP checksum");
    const pseudo = pseudoHeaderV4(ip.source(view, 14), ip.destination(view, 14), 6, total - 20);
    assert.is(foldSum(sumBytes(view, 34, total - 20, pseudo)), 0xffff, "TCP checksum");
    const fromServer = tcp.sourcePort(view, 34) === 80;
    const client = fromServer ? ip.destination(view, 14) : ip.source(view, 14);
    const port = fromServer ? tcp.destinationPort(view, 34) : tcp.sourcePort(view, 34);
    const key = `${client}:${port}`;
    const entry = seen.get(key) ?? {
      first: time,
      last: time,
      bytes: [0, 0],
      packets: [0, 0],
      wire: [0, 0],
    };
    seen.set(key, entry);
    entry.last = time;
    const side = fromServer ? 1 : 0;
    entry.bytes[side] += total - 20 - tcp.dataOffset(view, 34);
    entry.packets[side]++;
    entry.wire[side] += length;
  };
  makePackets(olympic96.create(options), seed, sink, () => {});
  return { seen, expected };
}

test("an onlooker counts what the connection's row says: times, bytes, packets, wire bytes", () => {
  const { seen, expected: rows } = watch(1);
  assert.is(seen.size, 3000);
  for (let i = 0; i < rows.count; i++) {
    assert.equal(seen.get(`${rows.client[4 * i + 3]}:${rows.clientPort[i]}`), {
      first: rows.start[i],
      last: rows.start[i] + rows.duration[i],
      bytes: [rows.clientBytes[i], rows.serverBytes[i]],
      packets: [rows.clientPackets[i], rows.serverPackets[i]],
      wire: [rows.clientWireBytes[i], rows.serverWireBytes[i]],
    });
  }
});

test.run();
