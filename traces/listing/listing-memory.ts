/** The memory that the inner loops of a listing work in, and those loops. */
import { ConnectionColumns } from "../connection.ts";
import { instantiate, wasmMemory } from "../wasm-module.ts";
import { WASM } from "./gen/listing-wasm.ts";

/** What `wasm/listing.ts` exports, where it is described; places in memory are byte offsets. */
interface ListingCode {
  readonly ROW_BYTES: { readonly value: number };
  readonly BLOCK_ROWS: { readonly value: number };
  readonly PIECE_BYTES: { readonly value: number };
  readonly FREE: { readonly value: number };
  setBlock(number: number, rows: number): void;
  pack(columns: number, from: number, count: number): number;
  packOne(columns: number, i: number, row: number): void;
  takeRun(rows: number, most: number): number;
  putLines(
    at: number,
    rows: number,
    count: number,
    frame: number,
    seconds: number,
    nanoseconds: number,
  ): number;
  unpack(rows: number, count: number, columns: number, to: number, id: number): void;
}

/** The columns in the order of `Columns` in `wasm/rows.ts`. */
const COLUMNS = [
  "id",
  "start",
  "duration",
  "clientBytes",
  "serverBytes",
  "clientWireBytes",
  "serverWireBytes",
  "clientPackets",
  "serverPackets",
  "client",
  "server",
  "clientPort",
  "serverPort",
  "protocol",
  "close",
  "flags",
] as const;

const PAGE = 65536;

export class ListingMemory {
  readonly code: ListingCode;
  readonly #memory = wasmMemory(PAGE);
  #free: number;

  constructor() {
    this.code = instantiate<ListingCode>(WASM, this.#memory);
    this.#free = this.code.FREE.value;
  }

  /** A place for `bytes` bytes, all zero, at a multiple of 8; it is never given back. */
  allocate(bytes: number): number {
    const at = this.#free;
    this.#free = at + 8 * Math.ceil(bytes / 8);
    const missing = this.#free - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** The bytes of a place. */
  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  /** Columns for `rows` connections, and where those loops find where they are. */
  columns(rows: number): { columns: ConnectionColumns; at: number } {
    const begin = this.allocate(ConnectionColumns.bytes(rows));
    const at = this.allocate(4 * COLUMNS.length);
    const columns = new ConnectionColumns(rows, this.#memory.buffer, begin);
    const places = new Uint32Array(this.#memory.buffer, at, COLUMNS.length);
    places.set(COLUMNS.map((name) => columns[name].byteOffset));
    return { columns, at };
  }
}
