/**
 * A policy at work where packets are dispatched: one dispatcher decides first packets in the order
 * in which connections open, exactly as the flow engine asks it; another decides all later packets,
 * and a third those that belong to no open connection (what hosts still send when it is over). All
 * are made with the same words of chance, so that what is fixed when a dispatcher is made (the key
 * of a hash) is the same in each, and draw from streams of their own afterwards, so that packets in
 * between never change who gets the next connection.
 */
import type { Dispatcher, FlowKeys, Policy, RandomWords } from "../../policies/policy.ts";
import { randomStream } from "../../random.ts";

/** Words that a dispatcher draws while it is made, kept for its twin. */
class Making implements RandomWords {
  private readonly words: number[] = [];
  private readonly source: RandomWords;
  private at = 0;
  private isMaking = true;

  constructor(source: RandomWords) {
    this.source = source;
  }

  next(): number {
    if (this.isMaking && this.at < this.words.length) return this.words[this.at++];
    const word = this.source.next();
    if (this.isMaking) {
      this.words.push(word);
      this.at++;
    }
    return word;
  }

  done(): void {
    this.isMaking = false;
  }

  /** The same words while something is made, then those of `source`. */
  twin(source: RandomWords): Making {
    const twin = new Making(source);
    twin.words.push(...this.words);
    return twin;
  }
}

/**
 * Chance for one packet: words that belong to a connection and the number of its packet, so that a
 * packet more on one connection never changes another's luck (splitmix32 over the three).
 */
class PacketChance implements RandomWords {
  private state = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Begins the words of packet `packet` of connection `id`. */
  begin(id: number, packet: number): void {
    this.state = (Math.imul(id ^ this.seed, 0x9e3779b1) + Math.imul(packet, 0x85ebca6b)) | 0;
  }

  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }
}

export class PolicyPoint {
  private readonly policy: Policy;
  private readonly seed: number;
  /** Servers that take part, ascending; picks are indices into it. */
  private live: number[];
  private making: Making;
  private loads: Int32Array;
  private first: Dispatcher;
  private later: Dispatcher;
  private laterChance: PacketChance;
  private stray: Dispatcher;
  /** Open connections of each server, taking part or not. */
  private readonly open: Int32Array;

  constructor(policy: Policy, servers: number, seed: number, label = "") {
    this.policy = policy;
    this.seed = seed;
    this.open = new Int32Array(servers);
    this.live = Array.from({ length: servers }, (_, i) => i);
    this.loads = new Int32Array(servers);
    const name = `policy/${policy.name}${label}`;
    this.making = new Making(randomStream(seed, name));
    this.first = this.make(this.making);
    this.laterChance = this.packetChance(name);
    this.later = this.make(this.making.twin(this.laterChance));
    this.stray = this.twin(`${name}/stray`);
  }

  /** Servers taking part. */
  get servers(): readonly number[] {
    return this.live;
  }

  /** Who takes part from here on; the policy keeps its key, not its memory. */
  setLive(live: readonly number[], label: string): void {
    this.live = [...live];
    this.loads = Int32Array.from(live, (server) => this.open[server]);
    if (live.length === 0) return;
    const name = `policy/${this.policy.name}/${label}`;
    this.first = this.twin(name);
    this.laterChance = this.packetChance(name);
    this.later = this.make(this.making.twin(this.laterChance));
    this.stray = this.twin(`${name}/stray`);
  }

  /** Another key: the route leads by another router from here on. */
  rekey(label: string): void {
    const name = `policy/${this.policy.name}/${label}`;
    this.making = new Making(randomStream(this.seed, name));
    this.first = this.make(this.making);
    this.laterChance = this.packetChance(name);
    this.later = this.make(this.making.twin(this.laterChance));
    this.stray = this.twin(`${name}/stray`);
  }

  /** The server for the first packet of the connection of row `row`; asked in order of opening. */
  pickFirst(keys: FlowKeys, row: number): number {
    return this.live[this.first.pick(keys, row)] ?? 0;
  }

  /** The server for any other packet of it: packet `packet` of connection `id`. */
  pickLater(keys: FlowKeys, row: number, id: number, packet: number): number {
    this.laterChance.begin(id, packet);
    return this.live[this.later.pick(keys, row)] ?? 0;
  }

  /** The server for a packet of no open connection. */
  pickStray(keys: FlowKeys, row: number): number {
    return this.live[this.stray.pick(keys, row)] ?? 0;
  }

  /** The place of `server` among those taking part, −1 when it does not. */
  index(server: number): number {
    return this.live.length === this.open.length ? server : this.live.indexOf(server);
  }

  /** One more, or one fewer, connection is open at `server`. */
  loadChanged(server: number, by: number): void {
    this.open[server] += by;
    const index = this.index(server);
    if (index < 0) return;
    this.loads[index] += by;
    this.first.loadChanged?.(index);
    this.later.loadChanged?.(index);
    this.stray.loadChanged?.(index);
  }

  private packetChance(name: string): PacketChance {
    return new PacketChance(randomStream(this.seed, `${name}/later`).next());
  }

  private twin(stream: string): Dispatcher {
    return this.make(this.making.twin(randomStream(this.seed, stream)));
  }

  private make(random: Making): Dispatcher {
    const setup = { servers: this.live.length, loads: this.loads, random };
    const dispatcher = this.policy.create(setup);
    random.done();
    return dispatcher;
  }
}
