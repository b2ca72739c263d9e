/** Different IPv4 addresses, a word each: most of what is ever counted, in a quarter of the memory. */
import { v4Hash } from "./address-hash.ts";

export class V4Set {
  /** Addresses in it. */
  count = 0;
  /** Open addressing; 0 is a cell not taken, since nobody has that address. */
  #cells = new Uint32Array(1024);

  /** Adds an address other than 0.0.0.0, which has `hash`. */
  add(address: number, hash: number): void {
    const cells = this.#cells;
    const mask = cells.length - 1;
    let cell = hash & mask;
    while (cells[cell] !== 0) {
      if (cells[cell] === address) return;
      cell = (cell + 1) & mask;
    }
    cells[cell] = address;
    if (++this.count > 0.6 * cells.length) this.#widen();
  }

  #widen(): void {
    const before = this.#cells;
    this.#cells = new Uint32Array(2 * before.length);
    this.count = 0;
    for (const address of before) if (address !== 0) this.add(address, v4Hash(address));
  }

  /** Takes all addresses out, one by one. */
  *drain(): Generator<number> {
    for (const address of this.#cells) if (address !== 0) yield address;
    this.#cells = new Uint32Array(0);
  }
}
