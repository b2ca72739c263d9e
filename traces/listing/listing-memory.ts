/** The memory that the inner loops of a listing work in, and those loops. */
import { ConnectionColumns, columnAddresses } from "../connection.ts";
import { instantiate, wasmMemory } from "../wasm-module.ts";
import { WASM } from "./gen/listing-wasm.ts";

interface Constant {
  readonly value: number;
}

/** What `wasm/listing.ts` exports, where it is described; places in memory are byte offsets. */
interface ListingCode {
  readonly BLOCK_ROWS: Constant;
  readonly ROW_BYTES: Constant;
  readonly WIDE_BYTES: Constant;
  readonly WIDES: Constant;
  readonly PIECE_BYTES: Constant;
  readonly FREE: Constant;
  setBlock(number: number, block: number): void;
  pack(columns: number, from: number, count: number, wire: number): number;
  packOne(columns: number, i: number, block: number, n: number, wire: number): number;
  hasWide(block: number): number;
  takeRun(block: number, first: number, most: number): number;
  putLines(
    at: number,
    block: number,
    first: number,
    end: number,
    frame: number,
    seconds: number,
    nanoseconds: number,
  ): number;
  unpack(block: number, first: number, end: number, columns: number, to: number, id: number): void;
}

const PAGE = 65536;
/** Everything begins at the beginning of a cache line. */
const LINE = 64;

const aligned = (bytes: number): number => LINE * Math.ceil(bytes / LINE);

export class ListingMemory {
  readonly code: ListingCode;
  /** The code's own tables lie in the first page. */
  readonly #memory = wasmMemory(PAGE);
  #free: number;

  constructor() {
    this.code = instantiate<ListingCode>(WASM, this.#memory);
    this.#free = aligned(this.code.FREE.value);
  }

  /** A place for `bytes` bytes, all zero, at a multiple of 64; it is never given back. */
  allocate(bytes: number): number {
    const at = this.#free;
    this.#free = at + aligned(bytes);
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
    const columns = new ConnectionColumns(rows, this.#memory.buffer, begin);
    const addresses = columnAddresses(columns);
    const at = this.allocate(4 * addresses.length);
    new Uint32Array(this.#memory.buffer, at, addresses.length).set(addresses);
    return { columns, at };
  }
}
