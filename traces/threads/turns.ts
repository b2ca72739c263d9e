/**
 * Places in shared memory that threads take turns at. Whoever finds it not his turn sleeps until the
 * other has passed it on.
 */
import { setImmediate as immediately } from "node:timers/promises";

/** Whoever has slept this long looks whether the other is still there. */
const PATIENCE_MS = 1000;

/** Every thread makes one over the same memory: a word for each place, and one for failure. */
export class Turns {
  readonly #words: Int32Array;
  readonly #failed: number;

  constructor(words: Int32Array) {
    this.#words = words;
    this.#failed = words.length - 1;
  }

  /** Whether it is `turn`'s turn at `place`; every place begins with turn 0. */
  is(place: number, turn: number): boolean {
    return Atomics.load(this.#words, place) === turn;
  }

  /** Sleeps until it is `turn`'s turn at `place`; false when the other thread has failed. */
  wait(place: number, turn: number): boolean {
    while (!this.is(place, turn)) {
      if (this.hasFailed) return false;
      this.sleep(place, turn);
    }
    return true;
  }

  /**
   * Waits until it is `turn`'s turn at `place`. A thread that died without a word is heard of in the
   * event loop only, as `failure`, so each sleep ends there.
   */
  async come(place: number, turn: number, failure: Promise<never>): Promise<void> {
    while (!this.is(place, turn)) {
      if (this.hasFailed) await failure;
      this.sleep(place, turn);
      if (!this.is(place, turn)) await Promise.race([failure, immediately()]);
    }
  }

  /** Whether somebody said that he has failed. */
  get hasFailed(): boolean {
    return Atomics.load(this.#words, this.#failed) !== 0;
  }

  /** Sleeps for a second at most while it is not `turn`'s turn at `place`. */
  sleep(place: number, turn: number): void {
    const now = Atomics.load(this.#words, place);
    if (now !== turn) Atomics.wait(this.#words, place, now, PATIENCE_MS);
  }

  /** Makes it `turn`'s turn at `place`. */
  pass(place: number, turn: number): void {
    Atomics.store(this.#words, place, turn);
    Atomics.notify(this.#words, place);
  }

  /** Tells whoever waits that nobody will pass anything on any more. */
  fail(): void {
    Atomics.store(this.#words, this.#failed, 1);
    for (let place = 0; place < this.#failed; place++) Atomics.notify(this.#words, place);
  }
}
