/** Connections packed into one buffer, 96 bytes each: what a listing keeps until its turn comes. */
import type { ConnectionColumns } from "../connection.ts";
import * as layout from "./row-layout.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const {
  ROW_DOUBLES,
  ROW_WORDS,
  ROW_BYTES,
  ROW_START,
  ROW_DURATION,
  ROW_CLIENT_BYTES,
  ROW_SERVER_BYTES,
  ROW_CLIENT_WIRE,
  ROW_SERVER_WIRE,
  ROW_CLIENT,
  ROW_SERVER,
  ROW_PORTS,
  ROW_CLIENT_PACKETS,
  ROW_SERVER_PACKETS,
  ROW_KIND,
  ROW_THERE,
} = layout;

export class PackedRows {
  readonly rows: number;
  readonly bytes: Uint8Array;
  readonly doubles: Float64Array;
  readonly words: Uint32Array;

  constructor(rows: number) {
    this.rows = rows;
    const buffer = new ArrayBuffer(rows * ROW_BYTES);
    this.bytes = new Uint8Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.words = new Uint32Array(buffer);
  }

  has(row: number): boolean {
    return this.words[row * ROW_WORDS + ROW_KIND] >= ROW_THERE;
  }

  /** Copies row `from` of `columns` to row `row`. */
  set(row: number, columns: ConnectionColumns, from: number): void {
    const { doubles, words } = this;
    const d = row * ROW_DOUBLES;
    const w = row * ROW_WORDS;
    doubles[d + ROW_START] = columns.start[from];
    doubles[d + ROW_DURATION] = columns.duration[from];
    doubles[d + ROW_CLIENT_BYTES] = columns.clientBytes[from];
    doubles[d + ROW_SERVER_BYTES] = columns.serverBytes[from];
    doubles[d + ROW_CLIENT_WIRE] = columns.clientWireBytes[from];
    doubles[d + ROW_SERVER_WIRE] = columns.serverWireBytes[from];
    for (let i = 0; i < 4; i++) {
      words[w + ROW_CLIENT + i] = columns.client[4 * from + i];
      words[w + ROW_SERVER + i] = columns.server[4 * from + i];
    }
    words[w + ROW_PORTS] = (columns.clientPort[from] << 16) | columns.serverPort[from];
    words[w + ROW_CLIENT_PACKETS] = columns.clientPackets[from];
    words[w + ROW_SERVER_PACKETS] = columns.serverPackets[from];
    words[w + ROW_KIND] =
      columns.protocol[from] | (columns.close[from] << 8) | (columns.flags[from] << 16) | ROW_THERE;
  }
  /** Copies row `row` to row `to` of `columns`, its id excepted. */
  get(row: number, columns: ConnectionColumns, to: number): void {
    const { doubles, words } = this;
    const d = row * ROW_DOUBLES;
    const w = row * ROW_WORDS;
    columns.start[to] = doubles[d + ROW_START];
    columns.duration[to] = doubles[d + ROW_DURATION];
    columns.clientBytes[to] = doubles[d + ROW_CLIENT_BYTES];
    columns.serverBytes[to] = doubles[d + ROW_SERVER_BYTES];
    columns.clientWireBytes[to] = doubles[d + ROW_CLIENT_WIRE];
    columns.serverWireBytes[to] = doubles[d + ROW_SERVER_WIRE];
    for (let i = 0; i < 4; i++) {
      columns.client[4 * to + i] = words[w + ROW_CLIENT + i];
      columns.server[4 * to + i] = words[w + ROW_SERVER + i];
    }
    columns.clientPort[to] = words[w + ROW_PORTS] >>> 16;
    columns.serverPort[to] = words[w + ROW_PORTS] & 0xffff;
    columns.clientPackets[to] = words[w + ROW_CLIENT_PACKETS];
    columns.serverPackets[to] = words[w + ROW_SERVER_PACKETS];
    const kind = words[w + ROW_KIND];
    columns.protocol[to] = kind & 255;
    columns.close[to] = (kind >>> 8) & 255;
    columns.flags[to] = (kind >>> 16) & 255;
  }
}
