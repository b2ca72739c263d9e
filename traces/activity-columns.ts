/** An `Activity` in the memory of a connection table, which may lie between threads. */
import type { Activity } from "./activity.ts";
import { allColumnBytes, columnPlaces } from "./columns.ts";
import { ConnectionColumns, columnAddresses } from "./connection.ts";

/**
 * Rows that a packet closes at most: it may end one connection, push one out of lingering, and pay
 * for finding four that have fallen silent (table/wasm/rounds.ts). Memory that is not written to is
 * not there, so this costs nothing but addresses.
 */
const CLOSED_PER_PACKET = 6;

/**
 * Rows of closes for the packets before those of a group that were not looked behind yet, and for what
 * a trace's end closes at once.
 */
const EXTRA_ROWS = 4096;

/** What the table knows of columns and of the whole: see `table/wasm/activity.ts`, word for word. */
const COLUMNS_WORDS = 18;
const ACTIVITY_WORDS = 6;
const COUNT = 16;
/** A list's words: where it begins, bytes in use, room; and bytes of each of its moves. */
const LIST_WORDS = 3;
const FIRST = 0;
const USED = 1;
const MOVE_BYTES = 24;

const closesOf = (packets: number): number => CLOSED_PER_PACKET * packets + EXTRA_ROWS;

/** Connections with their slots, and how the table finds them. */
class SlottedColumns {
  readonly rows: ConnectionColumns;
  readonly slots: Int32Array;
  readonly #layout: Int32Array;

  constructor(capacity: number, memory: ArrayBufferLike, at: number) {
    const place = columnPlaces(at);
    this.#layout = new Int32Array(memory, place(4 * COLUMNS_WORDS), COLUMNS_WORDS);
    this.slots = new Int32Array(memory, place(4 * capacity), capacity);
    const rows = new ConnectionColumns(capacity, memory, place(ConnectionColumns.bytes(capacity)));
    this.rows = rows;
    this.#layout.set([...columnAddresses(rows), 0, this.slots.byteOffset]);
  }

  static bytes(capacity: number): number {
    const sizes = [4 * COLUMNS_WORDS, 4 * capacity, ConnectionColumns.bytes(capacity)];
    return allColumnBytes(sizes, 1);
  }

  get address(): number {
    return this.#layout.byteOffset;
  }

  /** Empties it. */
  clear(): void {
    this.#layout[COUNT] = 0;
    this.rows.count = 0;
  }

  /** Takes over how many rows the table has put. */
  update(): void {
    this.rows.count = this.#layout[COUNT];
  }
}

export class ActivityColumns implements Activity {
  packets = 0;
  settled = Number.NEGATIVE_INFINITY;
  time: Float64Array = new Float64Array(0);
  wire: Uint32Array = new Uint32Array(0);
  readonly slot: Int32Array;
  readonly payload: Int32Array;
  readonly fromServer: Uint8Array;
  readonly #opened: SlottedColumns;
  readonly #closed: SlottedColumns;
  /** The list of moves, which the table makes room for. */
  readonly #moved: Int32Array;
  /** Where the table finds it. */
  readonly address: number;

  /**
   * Room for groups of `packets` packets from byte `at` (a multiple of 8) of `memory` on; their
   * times and lengths are set by the maker.
   */
  constructor(packets: number, memory: ArrayBufferLike, at: number) {
    const place = columnPlaces(at);
    const layout = new Int32Array(memory, place(4 * ACTIVITY_WORDS), ACTIVITY_WORDS);
    this.address = layout.byteOffset;
    const closes = closesOf(packets);
    this.#opened = new SlottedColumns(packets, memory, place(SlottedColumns.bytes(packets)));
    this.#closed = new SlottedColumns(closes, memory, place(SlottedColumns.bytes(closes)));
    this.slot = new Int32Array(memory, place(4 * packets), packets);
    this.payload = new Int32Array(memory, place(4 * packets), packets);
    this.fromServer = new Uint8Array(memory, place(packets), packets);
    this.#moved = new Int32Array(memory, place(4 * LIST_WORDS), LIST_WORDS);
    this.#moved.fill(0);
    const columns = [this.#moved, this.slot, this.payload, this.fromServer];
    layout.set([this.#opened.address, this.#closed.address]);
    layout.set(
      columns.map(({ byteOffset }) => byteOffset),
      2,
    );
  }

  /** Bytes of memory for groups of `packets` packets, a multiple of 8. */
  static bytes(packets: number): number {
    const rows = [packets, closesOf(packets)].map((count) => SlottedColumns.bytes(count));
    const words = [ACTIVITY_WORDS, packets, packets, LIST_WORDS].map((count) => 4 * count);
    return allColumnBytes([...words, ...rows, packets], 1);
  }

  get opened(): ConnectionColumns {
    return this.#opened.rows;
  }

  get openedSlot(): Int32Array {
    return this.#opened.slots;
  }

  get closed(): ConnectionColumns {
    return this.#closed.rows;
  }

  get closedSlot(): Int32Array {
    return this.#closed.slots;
  }

  get moved(): number {
    return this.#moved[USED] / MOVE_BYTES;
  }

  get movedAt(): number {
    return this.#moved[FIRST] >>> 0;
  }

  /** Empties it for the next group. */
  clear(): void {
    this.packets = 0;
    this.#moved[USED] = 0;
    this.#opened.clear();
    this.#closed.clear();
  }

  /** Takes over how many connections the table has told of. */
  update(): void {
    this.#opened.update();
    this.#closed.update();
  }
}
