/** Connections packed into one buffer, 80 bytes each: what a listing keeps until its turn comes. */
import type { ConnectionColumns } from "../connection.ts";

/** Doubles and words of a row: double d of row r is `doubles[r * ROW_DOUBLES + d]`. */
export const ROW_DOUBLES = 10;
export const ROW_WORDS = 20;
export const ROW_BYTES = 80;

export const ROW_START = 0;
export const ROW_DURATION = 1;
export const ROW_CLIENT_BYTES = 2;
export const ROW_SERVER_BYTES = 3;
/** Words from here on. */
export const ROW_CLIENT = 8;
export const ROW_SERVER = 12;
/** The client's port in the upper half. */
export const ROW_PORTS = 16;
export const ROW_CLIENT_PACKETS = 17;
export const ROW_SERVER_PACKETS = 18;
/** Protocol, then 8 bits each: `CLOSE_*`, flags, and 1 when the row is there. */
export const ROW_KIND = 19;
export const ROW_THERE = 1 << 24;

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
}
