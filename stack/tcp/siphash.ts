/**
 * HalfSipHash-2-4 (Aumasson, Bernstein 2012): a keyed 32-bit hash of 32-bit words, for sequence
 * numbers and cookies that others shall not guess.
 */

export class SipHash {
  private readonly k0: number;
  private readonly k1: number;
  private v0 = 0;
  private v1 = 0;
  private v2 = 0;
  private v3 = 0;
  private words = 0;

  constructor(k0: number, k1: number) {
    this.k0 = k0 | 0;
    this.k1 = k1 | 0;
  }

  begin(): void {
    this.v0 = this.k0;
    this.v1 = this.k1;
    this.v2 = this.k0 ^ 0x6c796765;
    this.v3 = this.k1 ^ 0x74656462;
    this.words = 0;
  }

  word(w: number): void {
    this.v3 ^= w;
    this.round();
    this.round();
    this.v0 ^= w;
    this.words++;
  }

  /** The hash, as a signed 32-bit number. */
  end(): number {
    this.word((this.words << 26) | 0);
    this.v2 ^= 0xff;
    for (let i = 0; i < 4; i++) this.round();
    return this.v1 ^ this.v3;
  }

  private round(): void {
    let { v0, v1, v2, v3 } = this;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
  }
}
