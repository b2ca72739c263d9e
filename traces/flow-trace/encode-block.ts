/** Rows of `ConnectionColumns` to a Block message: see flow-trace.proto for every column. */
import type { ConnectionColumns } from "../connection.ts";
import { pack, packedBound } from "./bit-pack.ts";
import { Dictionary, sortByWord } from "./dictionary.ts";
import { type BlockSummary, blockMessage } from "./messages.ts";

export const BLOCK_ROWS = 65_536;
/** Ethernet, IPv4 and TCP headers without options: what most packets weigh beside payload. */
export const USUAL_HEADERS = 54;
const COLUMNS = 13;
const SERVICE_BYTES = 20;

/** An IPv4 address in four words: ::ffff:a.b.c.d. */
const isV4 = (words: Uint32Array, at: number): boolean =>
  words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0xffff;

/** Small numbers of either sign as small numbers without one. */
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

/** Keeps its scratch memory from block to block: one encoder a file. */
export class BlockEncoder {
  private readonly values = new Float64Array(BLOCK_ROWS);
  private readonly out = new DataView(new ArrayBuffer(COLUMNS * packedBound(BLOCK_ROWS)));
  private readonly clients = new Dictionary(4, BLOCK_ROWS);
  private readonly services = new Dictionary(5, BLOCK_ROWS);
  /** Row by row the number of its client, then key by key the place of that number. */
  private readonly number = new Uint32Array(BLOCK_ROWS);
  private readonly rank = new Uint32Array(BLOCK_ROWS);
  private readonly order = new Uint32Array(BLOCK_ROWS);
  private readonly spare = new Uint32Array(BLOCK_ROWS);
  private readonly service = new Uint32Array(5);
  private end = 0;

  /** The message for all rows of `rows` (1 … 65,536, in order of start), and what it sums up. */
  encode(rows: ConnectionColumns): { message: Uint8Array; summary: BlockSummary } {
    const summary = summarize(rows);
    const unit = timeUnit(rows);
    this.end = 0;
    const message = blockMessage
      .encode({
        summary,
        timeUnit: unit,
        start: this.column(rows.count, (i) => (rows.start[i] - rows.start[i && i - 1]) / unit),
        duration: this.column(rows.count, (i) => rows.duration[i] / unit),
        ...this.clientColumns(rows),
        clientPort: this.column(rows.count, (i) => rows.clientPort[i]),
        ...this.serviceColumns(rows),
        clientBytes: this.packed(rows.clientBytes, rows.count),
        serverBytes: this.packed(rows.serverBytes, rows.count),
        clientPackets: this.packed(rows.clientPackets, rows.count),
        serverPackets: this.packed(rows.serverPackets, rows.count),
        clientWire: this.column(rows.count, (i) =>
          zigzag(
            rows.clientWireBytes[i] - rows.clientBytes[i] - USUAL_HEADERS * rows.clientPackets[i],
          ),
        ),
        serverWire: this.column(rows.count, (i) =>
          zigzag(
            rows.serverWireBytes[i] - rows.serverBytes[i] - USUAL_HEADERS * rows.serverPackets[i],
          ),
        ),
        close: this.column(rows.count, (i) => rows.close[i] | (rows.flags[i] << 2)),
      })
      .finish();
    return { message, summary };
  }

  private column(count: number, value: (row: number) => number): Uint8Array {
    const { values } = this;
    for (let i = 0; i < count; i++) values[i] = value(i);
    return this.packed(values, count);
  }

  private packed(values: Float64Array, count: number): Uint8Array {
    const begin = this.end;
    this.end = pack(values, count, this.out, begin);
    return new Uint8Array(this.out.buffer, begin, this.end - begin);
  }

  private clientColumns(rows: ConnectionColumns) {
    const { clients, number, rank, order, spare, values } = this;
    clients.clear();
    for (let i = 0; i < rows.count; i++) number[i] = clients.number(rows.client, 4 * i);
    let v4 = 0;
    const v6: number[] = [];
    for (let n = 0; n < clients.count; n++) {
      if (isV4(clients.words, 4 * n)) order[v4++] = n;
      else v6.push(n);
    }
    sortByWord(clients, 3, order, spare, v4);
    let last = 0;
    for (let place = 0; place < v4; place++) {
      rank[order[place]] = place;
      const address = clients.words[4 * order[place] + 3];
      values[place] = address - last;
      last = address;
    }
    const clientAddressesV4 = this.packed(values, v4);
    const clientAddressesV6 = new Uint8Array(16 * v6.length);
    const view = new DataView(clientAddressesV6.buffer);
    v6.forEach((n, place) => {
      rank[n] = v4 + place;
      for (let w = 0; w < 4; w++) view.setUint32(16 * place + 4 * w, clients.words[4 * n + w]);
    });
    const client = this.column(rows.count, (i) => rank[number[i]]);
    return { clientsV4: v4, clientAddressesV4, clientAddressesV6, client };
  }

  private serviceColumns(rows: ConnectionColumns) {
    const { services, service } = this;
    services.clear();
    const column = this.column(rows.count, (i) => {
      for (let w = 0; w < 4; w++) service[w] = rows.server[4 * i + w];
      service[4] = (rows.serverPort[i] << 16) | (rows.protocol[i] << 8);
      return services.number(service, 0);
    });
    const bytes = new Uint8Array(SERVICE_BYTES * services.count);
    const view = new DataView(bytes.buffer);
    for (let w = 0; w < 5 * services.count; w++) view.setUint32(4 * w, services.words[w]);
    return { services: bytes, service: column };
  }
}

/** The longest of 1 ms, 1 µs, 1 ns that divides every start and duration of the block. */
function timeUnit(rows: ConnectionColumns): number {
  for (const unit of [1_000_000, 1000]) {
    let i = 0;
    const first = rows.start[0];
    for (; i < rows.count; i++) {
      const start = rows.start[i] - first;
      const duration = rows.duration[i];
      if (Math.floor(start / unit) * unit !== start) break;
      if (Math.floor(duration / unit) * unit !== duration) break;
    }
    if (i === rows.count) return unit;
  }
  return 1;
}

function summarize(rows: ConnectionColumns): BlockSummary {
  const last = rows.count - 1;
  const summary: BlockSummary = {
    rows: rows.count,
    firstId: rows.id[0],
    firstStart: rows.start[0],
    lastStart: rows.start[last],
    lastEnd: rows.start[0],
    payloadBytes: 0,
    packets: 0,
    midstream: 0,
  };
  for (let i = 0; i <= last; i++) {
    const end = rows.start[i] + rows.duration[i];
    if (end > summary.lastEnd) summary.lastEnd = end;
    summary.payloadBytes += rows.clientBytes[i] + rows.serverBytes[i];
    summary.packets += rows.clientPackets[i] + rows.serverPackets[i];
    summary.midstream += rows.flags[i] & 1;
  }
  return summary;
}
