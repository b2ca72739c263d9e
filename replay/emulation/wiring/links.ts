/** The lines of one run's network, by name. */
import type { Device } from "../../../stack/interface.ts";
import type { Ledger } from "../../network/ledger.ts";
import { Link, type LinkOptions } from "../../network/link.ts";
import type { Port } from "../../network/port.ts";
import { Segment } from "../../network/segment.ts";
import { chance, type World } from "./hosts.ts";

export class Links {
  readonly world: World;
  private readonly ledger: Ledger;
  private readonly byName = new Map<string, Link>();

  constructor(world: World, ledger: Ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** A new line called `name`, which has its own stream of chance; it still leads nowhere. */
  make(name: string, options: Partial<LinkOptions>): Link {
    const { clock, seed } = this.world;
    const link = new Link(name, clock, chance(seed, `link/${name}`), this.ledger, options);
    this.byName.set(name, link);
    return link;
  }

  get(name: string): Link | undefined {
    return this.byName.get(name);
  }

  /** A new segment, without a name: its members have theirs. */
  segment(): Segment {
    return new Segment(this.ledger);
  }
}

/** A line without length, to the door of a host whose own line has been passed already. */
export const doorDevice = (door: Port): Device => ({ transmit: (m) => door.receive(m) });
