/** The memory that the inner loops of a listing work in, and those loops. */
import { ConnectionColumns, columnAddresses } from "../connection.ts";
import { TraceMemory } from "../trace-memory.ts";
import { instantiate } from "../wasm-module.ts";
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

export class ListingMemory {
  readonly code: ListingCode;
  readonly #memory = new TraceMemory();

  constructor() {
    this.code = instantiate<ListingCode>(WASM, this.#memory.memory);
    // Tables of its own lie at the beginning.
    this.#memory.place(this.code.FREE.value);
  }

  /**
   * A place for `bytes` bytes, all zero, at a multiple of 64; it is never given back.
   * @throws {LimitError} when there is no more memory
   */
  allocate(bytes: number): number {
    return this.#memory.place(bytes);
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
