/**
 * What `ConnectionWatch` remembers of TCP connections: rows of 32-bit words found by the end
 * points, in a table that grows with the connections and is bounded.
 */

/** Words of one direction of a connection. */
export const D_MSS = 0;
/** Bits: see SAW_. */
export const D_FLAGS = 1;
/** Addresses of the last route sent this way, 0 when none was. */
export const D_COUNT = 2;
export const D_VISITED = 3;
/** Sequence number just behind the segment that brought the route. */
export const D_ROUTE_SEQUENCE = 4;
export const D_PATH = 5;
const DIRECTION_WORDS = 15;

const KEY_WORDS = 3;
const ROW_WORDS = KEY_WORDS + 1 + 2 * DIRECTION_WORDS;
const USED = 3;

const FIRST_ROWS = 1 << 10;
/** 35 MB of rows; a capture with more connections forgets the older ones. */
const MOST_ROWS = 1 << 18;

export class ConnectionTable {
  #rows = new Uint32Array(FIRST_ROWS * ROW_WORDS);
  #size = FIRST_ROWS;
  #used = 0;

  /** Memory of all rows: words at the offsets that `find` returns. */
  get words(): Uint32Array {
    return this.#rows;
  }

  get count(): number {
    return this.#used;
  }

  /**
   * Offset of direction `from` → `to` in `words`, or −1 for an unknown connection that is not to
   * be added. `reverseOf` gives the other direction.
   */
  find(from: number, to: number, fromPort: number, toPort: number, add: boolean): number {
    const forward = from < to || (from === to && fromPort <= toPort);
    const a = forward ? from : to;
    const b = forward ? to : from;
    const ports = (forward ? (fromPort << 16) | toPort : (toPort << 16) | fromPort) >>> 0;
    let row = this.#locate(a, b, ports);
    if (this.#rows[row + USED] === 0) {
      if (!add) return -1;
      if (this.#used * 2 >= this.#size) {
        this.#grow();
        row = this.#locate(a, b, ports);
      }
      this.#rows[row] = a;
      this.#rows[row + 1] = b;
      this.#rows[row + 2] = ports;
      this.#rows[row + USED] = 1;
      this.#used++;
    }
    return row + KEY_WORDS + 1 + (forward ? 0 : DIRECTION_WORDS);
  }

  /** The other direction of the connection whose one direction stands at `offset`. */
  reverseOf(offset: number): number {
    const first = (offset - KEY_WORDS - 1) % ROW_WORDS === 0;
    return first ? offset + DIRECTION_WORDS : offset - DIRECTION_WORDS;
  }

  /** Forgets both directions, for a port pair that is used again. */
  reset(offset: number): void {
    const first = Math.min(offset, this.reverseOf(offset));
    this.#rows.fill(0, first, first + 2 * DIRECTION_WORDS);
  }

  #locate(a: number, b: number, ports: number): number {
    let hash = Math.imul(a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(ports, 0xc2b2ae35), 0x9e3779b1);
    hash ^= hash >>> 15;
    const rows = this.#rows;
    for (let slot = hash & (this.#size - 1); ; slot = (slot + 1) & (this.#size - 1)) {
      const row = slot * ROW_WORDS;
      if (rows[row + USED] === 0) return row;
      if (rows[row] === a && rows[row + 1] === b && rows[row + 2] === ports) return row;
    }
  }

  #grow(): void {
    const old = this.#rows;
    if (this.#size >= MOST_ROWS) {
      old.fill(0);
      this.#used = 0;
      return;
    }
    this.#size *= 2;
    this.#rows = new Uint32Array(this.#size * ROW_WORDS);
    for (let row = 0; row < old.length; row += ROW_WORDS) {
      if (old[row + USED] === 0) continue;
      const to = this.#locate(old[row], old[row + 1], old[row + 2]);
      this.#rows.set(old.subarray(row, row + ROW_WORDS), to);
    }
  }
}
