/** A Block message back to rows of `ConnectionColumns`. */
import { ConnectionColumns } from "../connection.ts";
import { unpack } from "./bit-pack.ts";
import { type Block, blockMessage } from "./messages.ts";

/** As in `wasm/`: rows a block has at most, and what most packets weigh beside payload. */
const BLOCK_ROWS = 65_536;
const USUAL_HEADERS = 54;
const SERVICE_BYTES = 20;

const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** Keeps its memory from block to block: the rows it returns are overwritten by the next. */
export class BlockDecoder {
  private rows = new ConnectionColumns(0);
  private values = new Float64Array(0);
  private clients = new Uint32Array(0);

  /** The rows of a Block message, or in words what is wrong with it. */
  decode(payload: Buffer): ConnectionColumns | string {
    let block: Block;
    try {
      block = blockMessage.decode(payload);
    } catch (error) {
      return (error as Error).message;
    }
    const count = block.summary?.rows ?? 0;
    if (count < 1 || count > BLOCK_ROWS) return `a block of ${count} rows`;
    this.makeRoom(count);
    this.rows.count = count;
    return (
      this.times(block, count) ??
      this.clientRows(block, count) ??
      this.serviceRows(block, count) ??
      this.amounts(block, count) ??
      this.rows
    );
  }

  private makeRoom(count: number): void {
    if (count <= this.rows.capacity) return;
    this.rows = new ConnectionColumns(count);
    this.values = new Float64Array(count);
    this.clients = new Uint32Array(4 * count);
  }

  private unpacked(column: Uint8Array, count: number): boolean {
    return unpack(column, count, this.values);
  }

  private times(block: Block, count: number): string | null {
    const { rows, values } = this;
    const unit = block.timeUnit;
    if (!(unit >= 1)) return `a time unit of ${unit} ns`;
    if (!this.differences(block, count)) return "column start";
    let id = block.summary?.firstId ?? 0;
    let start = block.summary?.firstStart ?? 0;
    for (let i = 0; i < count; i++) {
      rows.id[i] = id++;
      start += values[i] * unit;
      rows.start[i] = start;
    }
    if (!this.unpacked(block.duration, count)) return "column duration";
    for (let i = 0; i < count; i++) rows.duration[i] = values[i] * unit;
    return null;
  }

  /** Those of the starts; when one of them is negative, all have their signs in their lowest bits. */
  private differences({ start, signedStart }: Block, count: number): boolean {
    if (signedStart.length === 0) return this.unpacked(start, count);
    const { values } = this;
    if (!this.unpacked(signedStart, count)) return false;
    for (let i = 0; i < count; i++) values[i] = unzigzag(values[i]);
    return true;
  }

  private clientRows(block: Block, count: number): string | null {
    const { rows, values, clients } = this;
    const v4 = block.clientsV4;
    const v6 = block.clientAddressesV6.length / 16;
    if (!Number.isInteger(v6) || v4 + v6 > count) return `${v4} + ${v6} client addresses`;
    if (!this.unpacked(block.clientAddressesV4, v4)) return "column client_addresses_v4";
    let address = 0;
    for (let n = 0; n < v4; n++) {
      address += values[n];
      clients[4 * n] = 0;
      clients[4 * n + 1] = 0;
      clients[4 * n + 2] = 0xffff;
      clients[4 * n + 3] = address;
    }
    readWords(block.clientAddressesV6, clients, 4 * v4);
    if (!this.unpacked(block.client, count)) return "column client";
    const { client } = rows;
    for (let i = 0; i < count; i++) {
      const n = values[i];
      if (n >= v4 + v6) return `client ${n} of ${v4 + v6}`;
      const from = 4 * n;
      const to = 4 * i;
      client[to] = clients[from];
      client[to + 1] = clients[from + 1];
      client[to + 2] = clients[from + 2];
      client[to + 3] = clients[from + 3];
    }
    if (!this.unpacked(block.clientPort, count)) return "column client_port";
    for (let i = 0; i < count; i++) rows.clientPort[i] = values[i];
    return null;
  }

  private serviceRows(block: Block, count: number): string | null {
    const { rows, values } = this;
    const services = block.services.length / SERVICE_BYTES;
    if (!Number.isInteger(services)) return `${block.services.length} bytes of services`;
    const words = new Uint32Array(5 * services);
    readWords(block.services, words, 0);
    if (!this.unpacked(block.service, count)) return "column service";
    const { server, serverPort, protocol } = rows;
    for (let i = 0; i < count; i++) {
      const n = values[i];
      if (n >= services) return `service ${n} of ${services}`;
      const from = 5 * n;
      const to = 4 * i;
      server[to] = words[from];
      server[to + 1] = words[from + 1];
      server[to + 2] = words[from + 2];
      server[to + 3] = words[from + 3];
      serverPort[i] = words[from + 4] >>> 16;
      protocol[i] = (words[from + 4] >>> 8) & 255;
    }
    return null;
  }

  private amounts(block: Block, count: number): string | null {
    const { rows } = this;
    if (!unpack(block.clientBytes, count, rows.clientBytes)) return "column client_bytes";
    if (!unpack(block.serverBytes, count, rows.serverBytes)) return "column server_bytes";
    if (!unpack(block.clientPackets, count, rows.clientPackets)) return "column client_packets";
    if (!unpack(block.serverPackets, count, rows.serverPackets)) return "column server_packets";
    if (!this.unpacked(block.clientWire, count)) return "column client_wire";
    this.addWire(rows.clientWireBytes, rows.clientBytes, rows.clientPackets, count);
    if (!this.unpacked(block.serverWire, count)) return "column server_wire";
    this.addWire(rows.serverWireBytes, rows.serverBytes, rows.serverPackets, count);
    if (!this.unpacked(block.close, count)) return "column close";
    for (let i = 0; i < count; i++) {
      rows.close[i] = this.values[i] & 3;
      rows.flags[i] = this.values[i] >>> 2;
    }
    return null;
  }

  private addWire(
    wire: Float64Array,
    payload: Float64Array,
    packets: Float64Array,
    count: number,
  ): void {
    const { values } = this;
    for (let i = 0; i < count; i++) {
      wire[i] = payload[i] + USUAL_HEADERS * packets[i] + unzigzag(values[i]);
    }
  }
}

function readWords(bytes: Uint8Array, into: Uint32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let w = 0; 4 * w < bytes.length; w++) into[at + w] = view.getUint32(4 * w);
}
