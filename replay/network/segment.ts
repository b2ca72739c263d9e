/**
 * A LAN segment: whoever is attached is reached by the address that the sender's routing chose as
 * next hop. A router whose route to a shared address has one next hop for each of its hosts spreads
 * it over them: the paper's enhancement of ARP (Engel et al. section 2).
 */
import type { Device } from "../../stack/interface.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import { WordMap } from "../../stack/word-map.ts";
import type { Ledger } from "./ledger.ts";

export class Segment implements Device {
  private readonly members = new WordMap<Device>();
  private readonly ledger: Ledger;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
  }

  /** Puts whoever is behind `line` on the segment under `address`. */
  attach(address: number, line: Device): void {
    this.members.set(address, line);
  }

  transmit(m: Mbuf): void {
    const line = this.members.get(m.nextHop);
    if (line) {
      line.transmit(m);
      return;
    }
    // Nobody answers the ARP request.
    this.ledger.sent++;
    this.ledger.lost.nobody++;
    m.free();
  }
}
