/** Rows of `ConnectionColumns` to the fields of Block messages: see flow-trace.proto for every column. */
import { ConnectionColumns, columnAddresses } from "../connection.ts";
import { LimitError } from "../errors.ts";
import { TraceMemory } from "../trace-memory.ts";
import { instantiate } from "../wasm-module.ts";
import { WASM } from "./gen/flow-trace-wasm.ts";
import type { Block, BlockSummary } from "./messages.ts";

interface Constant {
  readonly value: number;
}

/** What `wasm/flow-trace.ts` exports, where it is described; places in memory are byte offsets. */
interface EncoderCode {
  readonly BLOCK_ROWS: Constant;
  readonly OUT: Constant;
  readonly SUMMARY: Constant;
  readonly ENDS: Constant;
  readonly CLIENTS_V4: Constant;
  readonly FREE: Constant;
  blockEnd(columns: number, first: number, end: number): number;
  encode(columns: number, first: number, end: number): number;
  rowAtFault(): number;
}

/** The fields of a block that are bytes, in the order in which they are encoded. */
const BYTES_FIELDS = [
  "start",
  "signedStart",
  "duration",
  "clientAddressesV4",
  "clientAddressesV6",
  "client",
  "clientPort",
  "services",
  "service",
  "clientBytes",
  "serverBytes",
  "clientPackets",
  "serverPackets",
  "clientWire",
  "serverWire",
  "close",
] as const;

const WHOLE = "that is a whole number below 2^64";
const NEAR = "that is a whole number near payload and usual headers";

/** What the numbers of those have to be that are doubles, and where they come from. */
const WORDS = {
  start: [`a start in nanoseconds ${WHOLE}`, "start"],
  duration: [`a duration in nanoseconds ${WHOLE}`, "duration"],
  clientBytes: [`a client's bytes ${WHOLE}`, "clientBytes"],
  serverBytes: [`a server's bytes ${WHOLE}`, "serverBytes"],
  clientPackets: [`a client's packets ${WHOLE}`, "clientPackets"],
  serverPackets: [`a server's packets ${WHOLE}`, "serverPackets"],
  clientWire: [`a client's bytes on the wire ${NEAR}`, "clientWireBytes"],
  serverWire: [`a server's bytes on the wire ${NEAR}`, "serverWireBytes"],
} as const;

/** Doubles of a summary. */
const SUMMARY_DOUBLES = 8;
/** More than the rows of a block and what is made of them take. */
const MOST_BYTES = 32 << 20;

/** Works in memory of its own from block to block: one encoder a file. */
export class BlockEncoder {
  /** Rows to be encoded, in order; their ids are nobody's concern. */
  readonly rows: ConnectionColumns;
  readonly #file: string;
  readonly #memory = new TraceMemory(MOST_BYTES);
  readonly #code = instantiate<EncoderCode>(WASM, this.#memory.memory);
  readonly #columns: number;

  /** `file` is for messages. */
  constructor(file: string) {
    this.#file = file;
    const { BLOCK_ROWS, FREE } = this.#code;
    // What the code works with lies at the beginning.
    this.#memory.place(FREE.value);
    const at = this.#memory.place(ConnectionColumns.bytes(BLOCK_ROWS.value));
    this.rows = new ConnectionColumns(BLOCK_ROWS.value, this.#memory.buffer, at);
    const addresses = columnAddresses(this.rows);
    this.#columns = this.#memory.place(4 * addresses.length);
    this.#words(this.#columns, addresses.length).set(addresses);
  }

  /**
   * Where the block that begins with row `first` ends. Within one, starts go back by less than 2^52 and on by
   * less than 2^63 whole nanoseconds from row to row.
   */
  blockEnd(first: number): number {
    return this.#code.blockEnd(this.#columns, first, this.rows.count);
  }

  /**
   * The message for the block of rows `first` … `end` − 1, of which the first is connection `id`. Its bytes
   * are overwritten by the next one's.
   * @throws {LimitError} when a row has a number that is no whole one below 2^64
   */
  encode(first: number, end: number, id: number): Partial<Block> & { summary: BlockSummary } {
    const code = this.#code;
    const fault = code.encode(this.#columns, first, end);
    if (fault >= 0) throw this.#refusal(BYTES_FIELDS[fault], first, id);
    const [timeUnit, firstStart, lastStart, lastEnd, payloadBytes, packets, midstream, backstep] =
      new Float64Array(this.#memory.buffer, code.SUMMARY.value, SUMMARY_DOUBLES);
    const rows = end - first;
    return {
      summary: {
        rows,
        firstId: id,
        firstStart,
        lastStart,
        lastEnd,
        payloadBytes,
        packets,
        midstream,
        backstep,
      },
      timeUnit,
      clientsV4: this.#words(code.CLIENTS_V4.value, 1)[0],
      ...this.#bytesFields(),
    };
  }

  #bytesFields(): Partial<Block> {
    const { ENDS, OUT } = this.#code;
    const ends = this.#words(ENDS.value, BYTES_FIELDS.length);
    const field = (i: number) => {
      const begin = i === 0 ? OUT.value : ends[i - 1];
      return new Uint8Array(this.#memory.buffer, begin, ends[i] - begin);
    };
    return Object.fromEntries(BYTES_FIELDS.map((name, i) => [name, field(i)]));
  }

  #refusal(field: (typeof BYTES_FIELDS)[number], first: number, id: number): LimitError {
    const row = this.#code.rowAtFault();
    // Nothing but a double can be at fault.
    const [what, column] = WORDS[field as keyof typeof WORDS];
    const connection = id + row - first + 1;
    const found = this.rows[column][row];
    return new LimitError(
      `${this.#file}: connection ${connection}: expected ${what}, found ${found}`,
    );
  }

  #words(at: number, count: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, at, count);
  }
}
