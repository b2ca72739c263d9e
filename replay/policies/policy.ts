/**
 * The contract between dispatch policies and whatever dispatches: the flow engine block by block,
 * a router of the stack engine packet by packet. A policy imports nothing but this file.
 */

/** Unsigned 32-bit numbers from a stream of the policy's own; the same ones for the same seed. */
export interface RandomWords {
  next(): number;
}

/** Open connections per server, kept by the engine and only read by policies. */
export type Loads = Readonly<Int32Array>;

/**
 * What a policy may know of connections: row i's addresses are four 32-bit words at 4·i (IPv4 as
 * ::ffff:a.b.c.d). `ConnectionColumns` has this shape.
 */
export interface FlowKeys {
  readonly client: Uint32Array;
  readonly server: Uint32Array;
  readonly clientPort: Uint16Array;
  readonly serverPort: Uint16Array;
  readonly protocol: Uint8Array;
}

/** What a dispatcher is made for. */
export interface PolicySetup {
  /** Number of servers, 1 to 65,535; a pick is an index below it. */
  readonly servers: number;
  /** Kept for policies that read them. */
  readonly loads: Loads;
  readonly random: RandomWords;
}

/** A policy at work on one set of servers. */
export interface Dispatcher {
  /** Server of connection `row`. Asked once a connection, in order of opening. */
  pick(keys: FlowKeys, row: number): number;
  /**
   * Servers of rows 0 … count − 1 at once, written to `out`: the same as `count` picks. Only
   * policies whose picks do not depend on what is open can have it.
   */
  pickBlock?(keys: FlowKeys, count: number, out: Uint16Array): void;
  /** `loads[server]` has just changed. */
  loadChanged?(server: number): void;
}

export interface Policy {
  readonly name: string;
  readonly aliases: readonly string[];
  /** One line for `anypin policies` and the README. */
  readonly summary: string;
  /**
   * Picks depend on what is open at the time. The flow engine asks such a policy when the past is
   * settled, which for a capture is long after the open: it then gets a row of zeros for keys. A
   * policy that wants both must have the engine keep addresses until then.
   */
  readonly readsLoads: boolean;
  /**
   * Its picks are the server with the fewest open connections and of those the first: for few servers
   * the flow engine makes them itself (flow/wasm/fewest-open.ts).
   */
  readonly picksFewestOpen?: boolean;
  /**
   * Closed form of the expected imbalance under Poisson arrivals, when there is one:
   * `independent` picks give d(N)/√m.
   */
  readonly expectation: "independent" | null;
  create(setup: PolicySetup): Dispatcher;
}
