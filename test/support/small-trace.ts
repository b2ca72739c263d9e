/** Small traces as plain objects, the activity that a connection table would make of them. */
import { ConnectionColumns } from "../../traces/connection.ts";
import type { MadeActivity } from "./place-activity.ts";
import type { TestRandom } from "./random.ts";

export interface SmallPacket {
  time: number;
  payload: number;
  wire: number;
  fromServer: boolean;
}

export interface SmallConnection {
  id: number;
  client: number;
  port: number;
  open: number;
  close: number;
  /** How long after its close the table learns of it: 0 for FIN and RST. */
  lag: number;
  packets: SmallPacket[];
}

/**
 * `count` connections with coarse times, so that opens and closes often coincide; a third has a
 * single packet, some go idle, some send after their close.
 */
export function smallTrace(random: TestRandom, count: number): SmallConnection[] {
  const tick = 1e6;
  let now = random.below(50);
  return Array.from({ length: count }, (_, id) => {
    now += random.below(4) === 0 ? random.below(40) : 0;
    if (random.below(60) === 0) now += 5000;
    const length = random.below(3) === 0 ? 0 : random.below(120);
    const packets = Array.from({ length: length === 0 ? 1 : 1 + random.below(6) }, (_, i) => ({
      time: tick * (now + (i === 0 ? 0 : random.below(length + 1))),
      payload: random.below(3) === 0 ? 0 : random.below(1460),
      wire: 60 + random.below(1460),
      fromServer: random.below(2) === 1,
    })).sort((a, b) => a.time - b.time);
    const late = random.below(5) === 0;
    const open = tick * now;
    const close = packets[packets.length - (late && packets.length > 1 ? 2 : 1)].time;
    const lag = !late && random.below(3) === 0 ? 300 * tick : 0;
    return { id, client: random.word(), port: random.below(65536), open, close, lag, packets };
  });
}

/** All connections as one block of columns. */
export function columnsOf(connections: readonly SmallConnection[]): ConnectionColumns {
  const columns = new ConnectionColumns(connections.length);
  columns.count = connections.length;
  for (const [row, connection] of connections.entries()) fillRow(columns, row, connection);
  return columns;
}

function fillRow(columns: ConnectionColumns, row: number, c: SmallConnection): void {
  const sum = (fromServer: boolean, layer: "payload" | "wire") =>
    c.packets.filter((p) => p.fromServer === fromServer).reduce((n, p) => n + p[layer], 0);
  columns.id[row] = c.id;
  columns.start[row] = c.open;
  columns.duration[row] = c.close - c.open;
  columns.client.set([0, 0, 0xffff, c.client], 4 * row);
  columns.clientPort[row] = c.port;
  columns.protocol[row] = 6;
  columns.clientBytes[row] = sum(false, "payload");
  columns.serverBytes[row] = sum(true, "payload");
  columns.clientWireBytes[row] = sum(false, "wire");
  columns.serverWireBytes[row] = sum(true, "wire");
}

/** Activity in groups of at most `most` packets, ended by one in which everything is settled. */
export function* activityOf(
  connections: readonly SmallConnection[],
  random: TestRandom,
  most: number,
): Generator<MadeActivity> {
  const packets = connections
    .flatMap((connection) => connection.packets.map((packet) => ({ connection, packet })))
    .sort((a, b) => a.packet.time - b.packet.time || a.connection.id - b.connection.id);
  const free: number[] = [];
  const slots = new Map<SmallConnection, number>();
  let unreported: { connection: SmallConnection; lastSeen: number; left: number }[] = [];
  let used = 0;
  for (let at = 0; at < packets.length || unreported.length > 0; ) {
    const group = packets.slice(at, at + 1 + random.below(most));
    at += group.length;
    const now = group.at(-1)?.packet.time ?? Number.POSITIVE_INFINITY;
    const opened = group
      .map((entry) => entry.connection)
      .filter((connection) => !slots.has(connection))
      .filter((connection, i, all) => all.indexOf(connection) === i);
    for (const connection of opened) {
      slots.set(connection, free.pop() ?? used++);
      unreported.push({ connection, lastSeen: 0, left: connection.packets.length });
    }
    for (const { connection, packet } of group) {
      const entry = unreported.find((one) => one.connection === connection);
      if (!entry) continue;
      entry.lastSeen = packet.time;
      entry.left--;
    }
    const known = unreported.filter(
      ({ connection, left }) => left === 0 && now >= connection.close + connection.lag,
    );
    unreported = unreported.filter((entry) => !known.includes(entry));
    const closed = known.map((entry) => entry.connection);
    const settled = Math.min(
      now,
      ...unreported.map(({ lastSeen, connection }) => Math.min(lastSeen, connection.close)),
    );
    const slotOf = (connection: SmallConnection) => slots.get(connection) ?? -1;
    yield {
      packets: group.length,
      slot: Int32Array.from(group, ({ connection }) => slotOf(connection)),
      time: Float64Array.from(group, ({ packet }) => packet.time),
      payload: Int32Array.from(group, ({ packet }) => packet.payload),
      wire: Float64Array.from(group, ({ packet }) => packet.wire),
      fromServer: Uint8Array.from(group, ({ packet }) => Number(packet.fromServer)),
      opened: columnsOf(opened),
      openedSlot: Int32Array.from(opened, slotOf),
      closed: columnsOf(closed),
      closedSlot: Int32Array.from(closed, slotOf),
      settled,
    };
    free.push(...closed.map(slotOf));
  }
}
