/**
 * A connection that is followed. What every packet of it touches fills one cache line, `Hot`; what
 * its opening and its end need lies in half of another one, `Cold`; what looking for it needs lies
 * close by others', in `Link`; and what hardly any connection needs, in `Carry`. Caches are small: a
 * record that is half as long is followed faster.
 */

export const HOT_SHIFT: usize = 6;
export const COLD_SHIFT: usize = 5;
export const LINK_SHIFT: usize = 3;
export const CARRY_SHIFT: usize = 4;

@unmanaged
export class Hot {
  /**
   * Bits `STATE_*`; the lowest two are the kind and belong to the key. The rest of the key: both ends'
   * addresses, the smaller first, and their ports, its own in the upper half. As in a `Row`.
   */
  state: i32;
  a: i32;
  b: i32;
  ports: i32;
  /** Sums by the end that sent; payload and wire bytes modulo 2³², see `Carry`. */
  packets: u32;
  packetsOfB: u32;
  payload: u32;
  payloadOfB: u32;
  wire: u32;
  wireOfB: u32;
  /** Each end's initial sequence number, when the state says that it is known. */
  isn: i32;
  isnOfB: i32;
  /** Sequence number behind each end's FIN; of a closed connection the packet that `closedBy` tells. */
  finEnd: i32;
  finEndOfB: i32;
  /** Time of the last packet, in nanoseconds since the trace's origin, as all times here. */
  last: f64;
}

@unmanaged
export class Cold {
  start: f64;
  closedAt: f64;
  /** Number in order of start, −1 for a connection of another service. */
  id: f64;
  /** Bytes that have been told of (moves.ts), if its state says that any have. */
  told: f64;
}

/** Where a record stands in the index (slots.ts). */
@unmanaged
export class Link {
  /** Its key's hash, and the entry behind it in its chain. */
  hash: u32;
  next: u32;
}

/** How often the sums of `Hot` have come round, if `STATE_CARRIED` says that any has. */
@unmanaged
export class Carry {
  payload: u32;
  payloadOfB: u32;
  wire: u32;
  wireOfB: u32;
}

/** Number of the packet that closed a closed connection. */
export function closedBy(hot: Hot): i64 {
  return load<i64>(changetype<usize>(hot) + offsetof<Hot>("finEnd"));
}
export function setClosedBy(hot: Hot, packet: i64): void {
  store<i64>(changetype<usize>(hot) + offsetof<Hot>("finEnd"), packet);
}

/** Clears a line; `memory.fill` is a call into the engine, dear for so few bytes. */
export function clearLine(line: usize): void {
  const none = i32x4.splat(0);
  v128.store(line, none);
  v128.store(line, none, 16);
  v128.store(line, none, 32);
  v128.store(line, none, 48);
}

export function clearCarry(carry: Carry): void {
  carry.payload = 0;
  carry.payloadOfB = 0;
  carry.wire = 0;
  carry.wireOfB = 0;
}

/**
 * The same record with end `end`'s fields in the place of the first end's: those of two ends are
 * neighbours everywhere.
 */
export function hotOf(hot: Hot, end: i32): Hot {
  return changetype<Hot>(changetype<usize>(hot) + ((<usize>end) << 2));
}
export function carryOf(carry: Carry, end: i32): Carry {
  return changetype<Carry>(changetype<usize>(carry) + ((<usize>end) << 2));
}
