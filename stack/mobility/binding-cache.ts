/** The bindings a correspondent node holds: home address to care-of address (RFC 6275 section 9.1). */

export interface Binding {
  readonly home: Uint8Array;
  readonly careOf: Uint8Array;
  /** Of the last binding update accepted. */
  readonly sequence: number;
  /** Seconds on the caller's clock after which it is gone. */
  readonly expires: number;
}

/** Room for a binding is refused beyond this many. */
const MOST_BINDINGS = 65_536;

const keyOf = (address: Uint8Array): string => Buffer.from(address).toString("hex");

/** Whether a sequence number follows the last one accepted (section 9.5.1): modulo 2^16. */
export function isSequenceNewer(sequence: number, last: number): boolean {
  const ahead = (sequence - last) & 0xffff;
  return ahead >= 1 && ahead <= 0x7fff;
}

export class BindingCache {
  readonly #bindings = new Map<string, Binding>();

  get size(): number {
    return this.#bindings.size;
  }

  /** The binding of a home address that is still alive at `now`. */
  find(home: Uint8Array, now: number): Binding | null {
    const binding = this.#bindings.get(keyOf(home));
    if (binding === undefined) return null;
    if (binding.expires > now) return binding;
    this.#bindings.delete(keyOf(home));
    return null;
  }

  /** False when there is no room for it. */
  put(binding: Binding): boolean {
    const key = keyOf(binding.home);
    if (!this.#bindings.has(key) && this.#bindings.size >= MOST_BINDINGS) return false;
    this.#bindings.set(key, binding);
    return true;
  }

  delete(home: Uint8Array): void {
    this.#bindings.delete(keyOf(home));
  }

  /** Whether data from `careOf` may claim to come from `home` (section 9.3.1). */
  vouches(home: Uint8Array, careOf: Uint8Array, now: number): boolean {
    const binding = this.find(home, now);
    return binding !== null && keyOf(binding.careOf) === keyOf(careOf);
  }
}
