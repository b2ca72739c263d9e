/**
 * A fixed number of things, each due at a time of its own; the soonest is at hand. A binary heap
 * whose only move is to put the soonest off, so nothing is ever added or taken away.
 */
export class Soonest {
  private readonly due: Float64Array;
  private readonly thing: Int32Array;

  /** Things 0 … count − 1 fall due one after another, evenly, from 0 to `within`. */
  constructor(count: number, within: number) {
    // Sorted times are a heap.
    this.due = Float64Array.from({ length: count }, (_, i) => (within * i) / count);
    this.thing = Int32Array.from({ length: count }, (_, i) => i);
  }

  get time(): number {
    return this.due[0];
  }

  get which(): number {
    return this.thing[0];
  }

  /** The soonest is now due at `time`, not before its old time. */
  postpone(time: number): void {
    const { due, thing } = this;
    const count = due.length;
    const moved = thing[0];
    let hole = 0;
    for (let child = 1; child < count; child = 2 * hole + 1) {
      if (child + 1 < count && due[child + 1] < due[child]) child++;
      if (due[child] >= time) break;
      due[hole] = due[child];
      thing[hole] = thing[child];
      hole = child;
    }
    due[hole] = time;
    thing[hole] = moved;
  }
}
