/** What comes next: a binary heap of (time, slot), the first pushed first among equal times. */
export class TimeHeap {
  size = 0;
  private times = new Float64Array(1024);
  private turns = new Float64Array(1024);
  private slots = new Int32Array(1024);
  private turn = 0;

  /** The least time held; there is one. */
  time(): number {
    return this.times[0];
  }

  push(time: number, slot: number): void {
    if (this.size === this.times.length) this.grow();
    const turn = this.turn++;
    let at = this.size++;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.times[above] <= time) break;
      this.move(above, at);
      at = above;
    }
    this.set(at, time, turn, slot);
  }

  /** Takes out the slot with the least time. */
  pop(): number {
    const slot = this.slots[0];
    const last = --this.size;
    const time = this.times[last];
    const turn = this.turns[last];
    const moved = this.slots[last];
    let at = 0;
    for (let below = 1; below < last; below = 2 * at + 1) {
      if (below + 1 < last && this.before(below + 1, below)) below++;
      if (time < this.times[below] || (time === this.times[below] && turn < this.turns[below]))
        break;
      this.move(below, at);
      at = below;
    }
    this.set(at, time, turn, moved);
    return slot;
  }

  private before(a: number, b: number): boolean {
    return (
      this.times[a] < this.times[b] ||
      (this.times[a] === this.times[b] && this.turns[a] < this.turns[b])
    );
  }

  private move(from: number, to: number): void {
    this.set(to, this.times[from], this.turns[from], this.slots[from]);
  }

  private set(at: number, time: number, turn: number, slot: number): void {
    this.times[at] = time;
    this.turns[at] = turn;
    this.slots[at] = slot;
  }

  private grow(): void {
    const grown = <Column extends Float64Array | Int32Array>(
      column: Column,
      into: Column,
    ): Column => {
      into.set(column);
      return into;
    };
    const room = 2 * this.times.length;
    this.times = grown(this.times, new Float64Array(room));
    this.turns = grown(this.turns, new Float64Array(room));
    this.slots = grown(this.slots, new Int32Array(room));
  }
}
