/** Captures to connections as objects, for comparing. */

import { formatWords } from "../../stack/wire/address.ts";
import type { ConnectionColumns } from "../../traces/connection.ts";
import { CLOSE_NAMES, CONNECTION_MIDSTREAM } from "../../traces/connection.ts";
import { type ConnectionOptions, ConnectionTracker } from "../../traces/connections.ts";
import { openTrace } from "../../traces/open.ts";

export interface FollowedConnection {
  id: number;
  client: string;
  server: string;
  protocol: number;
  /** Nanoseconds since the trace's origin. */
  start: number;
  duration: number;
  bytes: [client: number, server: number];
  wire: [client: number, server: number];
  packets: [client: number, server: number];
  close: (typeof CLOSE_NAMES)[number];
  midstream: boolean;
}

const end = (addresses: Uint32Array, row: number, port: number): string => {
  const [a, b, c, d] = addresses.subarray(4 * row, 4 * row + 4);
  return `${formatWords(a, b, c, d)} ${port}`;
};

/** Rows of columns as objects. */
export function connectionObjects(rows: ConnectionColumns): FollowedConnection[] {
  return Array.from({ length: rows.count }, (_, i) => ({
    id: rows.id[i],
    client: end(rows.client, i, rows.clientPort[i]),
    server: end(rows.server, i, rows.serverPort[i]),
    protocol: rows.protocol[i],
    start: rows.start[i],
    duration: rows.duration[i],
    bytes: [rows.clientBytes[i], rows.serverBytes[i]],
    wire: [rows.clientWireBytes[i], rows.serverWireBytes[i]],
    packets: [rows.clientPackets[i], rows.serverPackets[i]],
    close: CLOSE_NAMES[rows.close[i]],
    midstream: (rows.flags[i] & CONNECTION_MIDSTREAM) !== 0,
  }));
}

/** All connections of a capture, in order of start. */
export async function followCapture(
  path: string,
  options: ConnectionOptions = {},
): Promise<FollowedConnection[]> {
  const trace = await openTrace([path]);
  const tracker = new ConnectionTracker(options, trace.memory);
  const connections: FollowedConnection[] = [];
  for await (const batch of trace) {
    connections.push(...connectionObjects(tracker.follow(batch).closed));
  }
  for (const { closed } of tracker.end()) connections.push(...connectionObjects(closed));
  return connections.sort((a, b) => a.id - b.id);
}
