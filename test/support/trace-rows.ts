/** Connections made up by seed, as rows that the stack engine takes. */
import type { RecordedRows } from "../../replay/emulation/recorded-rows.ts";
import { CLOSE_FIN, CLOSE_IDLE, CLOSE_RESET, ConnectionColumns } from "../../traces/connection.ts";
import { ip } from "./ip-packet.ts";
import { testRandom } from "./random.ts";

export interface TraceShape {
  seed?: number;
  protocol?: number;
  /** Distinct server addresses. */
  services?: number;
}

const V4 = 0xffff;
const ENDS = [CLOSE_FIN, CLOSE_FIN, CLOSE_FIN, CLOSE_RESET, CLOSE_IDLE];

/**
 * `count` connections over about `count`/20 seconds: requests of up to 2 kB, responses of up to 60,
 * clients that come back with another port, ends of all kinds.
 */
export function traceRows(count: number, shape: TraceShape = {}): RecordedRows {
  const { seed = 1, protocol = 6, services = 1 } = shape;
  const random = testRandom(seed);
  const rows = new ConnectionColumns(count);
  rows.count = count;
  let now = 0;
  for (let row = 0; row < count; row++) {
    now += random.below(100) * 1e6;
    rows.id[row] = row;
    rows.start[row] = now;
    rows.duration[row] = random.below(3000) * 1e6;
    rows.client.set([0, 0, V4, ip("172.20.0.0") + 1 + random.below(1 + count / 3)], 4 * row);
    rows.server.set([0, 0, V4, ip("192.0.2.1") + random.below(services)], 4 * row);
    rows.clientPort[row] = 20000 + row;
    rows.serverPort[row] = 80;
    rows.protocol[row] = protocol;
    rows.close[row] = protocol === 6 ? ENDS[random.below(ENDS.length)] : CLOSE_IDLE;
    rows.clientBytes[row] = 1 + random.below(2000);
    rows.serverBytes[row] = random.below(8) === 0 ? random.below(60_000) : 1 + random.below(3000);
    rows.clientPackets[row] = 2 + random.below(4);
    rows.serverPackets[row] = 2 + Math.ceil(rows.serverBytes[row] / 1400);
  }
  return { rows, pace: null, first: 0, end: count };
}
