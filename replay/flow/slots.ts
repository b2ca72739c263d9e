/** Small numbers for connections that are open: handed out, taken back, handed out again. */
export class Slots {
  /** Every slot ever handed out is below this. */
  bound = 0;
  #free = new Int32Array(256);
  #freeCount = 0;

  take(): number {
    return this.#freeCount > 0 ? this.#free[--this.#freeCount] : this.bound++;
  }

  release(slot: number): void {
    if (this.#freeCount === this.#free.length) {
      const wider = new Int32Array(Math.ceil(1.5 * this.#free.length));
      wider.set(this.#free);
      this.#free = wider;
    }
    this.#free[this.#freeCount++] = slot;
  }
}
