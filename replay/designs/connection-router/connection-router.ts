/**
 * A stateful front end: the router binds each flow to the server that the policy picked for its
 * first packet, and keeps the binding in a table. What the paper compares its pin with: nothing
 * changes in hosts, but the router holds state for every connection, and loses it when it restarts.
 */
import { IPPROTO_TCP } from "../../../stack/wire/ipv4.ts";
import { TH_FIN, TH_RST } from "../../../stack/wire/tcp.ts";
import type { PacketFields } from "../../network/packet-fields.ts";
import type { Design, FlowBinding } from "../design.ts";

/** Nanoseconds without a packet that end a binding: IPVS's defaults for TCP, after FIN, and UDP. */
const IDLE_TCP = 900e9;
const IDLE_CLOSING = 120e9;
const IDLE_UDP = 300e9;
/** Bytes of one entry in a packed table: addresses 8, ports 4, protocol 1, server 2, time 8, link 8. */
const ENTRY_BYTES = 32;
/** Nanoseconds between sweeps for what is over. */
const SWEEP = 60e9;

interface Entry {
  destination: number;
  destinationPort: number;
  protocol: number;
  server: number;
  until: number;
  /** Another flow of the same client address and port. */
  next: Entry | null;
}

/** Client address and port as one number. */
const keyOf = ({ source, sourcePort }: PacketFields): number => source * 0x10000 + sourcePort;

class FlowState implements FlowBinding {
  private readonly entries = new Map<number, Entry>();
  private size = 0;
  private peak = 0;
  private made = 0;
  private restarts = 0;
  private sweptAt = 0;

  find(fields: PacketFields, now: number): number {
    for (let e = this.entries.get(keyOf(fields)) ?? null; e; e = e.next) {
      if (!isOf(e, fields) || e.until < now) continue;
      e.until = now + lifetime(fields);
      return e.server;
    }
    return -1;
  }

  bind(fields: PacketFields, server: number, now: number): void {
    if (fields.isError) return;
    if (now - this.sweptAt > SWEEP) this.sweep(now);
    const key = keyOf(fields);
    const first = this.entries.get(key) ?? null;
    const until = now + lifetime(fields);
    for (let e = first; e; e = e.next) {
      if (!isOf(e, fields)) continue;
      e.server = server;
      e.until = until;
      return;
    }
    const { destination, destinationPort, protocol } = fields;
    this.entries.set(key, { destination, destinationPort, protocol, server, until, next: first });
    this.size++;
    this.made++;
    if (this.size > this.peak) this.peak = this.size;
  }

  restart(): void {
    this.entries.clear();
    this.size = 0;
    this.restarts++;
  }

  figures(): Readonly<Record<string, number>> {
    const { peak, made, restarts } = this;
    return { entries: made, peakEntries: peak, peakBytes: ENTRY_BYTES * peak, restarts };
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    this.size = 0;
    for (const [key, first] of this.entries) {
      let kept: Entry | null = null;
      for (let e: Entry | null = first; e; ) {
        const { next }: Entry = e;
        if (e.until >= now) {
          e.next = kept;
          kept = e;
          this.size++;
        }
        e = next;
      }
      if (kept) this.entries.set(key, kept);
      else this.entries.delete(key);
    }
  }
}

const isOf = (e: Entry, { destination, destinationPort, protocol }: PacketFields): boolean =>
  e.destination === destination && e.destinationPort === destinationPort && e.protocol === protocol;

function lifetime({ protocol, flags }: PacketFields): number {
  if (protocol !== IPPROTO_TCP) return IDLE_UDP;
  return (flags & (TH_FIN | TH_RST)) !== 0 ? IDLE_CLOSING : IDLE_TCP;
}

export const connectionRouter: Design = {
  name: "connection-router",
  summary: "a front end that keeps every flow's server in a table",
  server: {},
  makeBinding: () => new FlowState(),
};
