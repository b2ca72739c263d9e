/**
 * Seeded chance. Generator: sfc32 (Chris Doty-Humphrey, PractRand, 2010), 128 bits of state with a
 * counter, so that every seed has a period of at least 2³². Streams are told apart by name, so that
 * drawing more of one thing does not change another.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** `seed` is any whole number; `name` says what the stream is for. */
  constructor(seed: number, name: string) {
    // FNV-1a over the name: any spread of names over 32 bits will do.
    let hash = 0x811c9dc5;
    for (let i = 0; i < name.length; i++) {
      hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    }
    this.a = hash | 0;
    this.b = seed | 0;
    this.c = Math.floor(seed / 0x100000000) | 0;
    // PractRand's own seeding discards 12 to 15 outputs until the words have mixed.
    for (let i = 0; i < 15; i++) this.word();
  }

  /** An unsigned 32-bit number. */
  word(): number {
    const t = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + t;
    this.c |= 0;
    return t >>> 0;
  }

  /** A number in (0, 1), never either end: its logarithm is finite. */
  unit(): number {
    return (this.word() + 0.5) / 0x100000000;
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor((this.word() / 0x100000000) * bound);
  }

  /** Exponentially distributed with mean 1. */
  exponential(): number {
    return -Math.log(this.unit());
  }
}
