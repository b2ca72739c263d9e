/** Which ends of connections are a service's. */

export interface Prefix {
  /** Address and mask as four words; IPv4 under ::ffff:0:0/96. */
  words: readonly number[];
  masks: readonly number[];
  /** 0 for any. */
  port: number;
}

export class ServiceFilter {
  /** Plain data, so that a thread can be given it. */
  readonly prefixes: readonly Prefix[];

  constructor(prefixes: readonly Prefix[]) {
    this.prefixes = prefixes;
  }

  /** Whether the address in four words and the port are a service's. */
  matches(w0: number, w1: number, w2: number, w3: number, port: number): boolean {
    for (const { words, masks, port: wanted } of this.prefixes) {
      if (wanted !== 0 && wanted !== port) continue;
      const differs =
        ((w0 ^ words[0]) & masks[0]) |
        ((w1 ^ words[1]) & masks[1]) |
        ((w2 ^ words[2]) & masks[2]) |
        ((w3 ^ words[3]) & masks[3]);
      if (differs === 0) return true;
    }
    return false;
  }
}
