/**
 * The paper's comparison (Engel et al. sections 1 and 5): a front end that remembers for every
 * connection which server it gave it to, and asks the policy for new ones only. It sees requests
 * alone; servers answer clients directly. Neither end needs to know of it, so every client is held,
 * but its memory grows with connections, and what it forgets in a restart, or what comes by another
 * router, is dispatched anew.
 *
 * How long an entry lives after its last packet is as in Linux IPVS (`ip_vs_proto_tcp.c`,
 * `ip_vs_proto_udp.c`), whose front end works the same way.
 */
import { IPPROTO_TCP } from "../../../stack/wire/ipv4.ts";
import { TH_FIN, TH_RST, TH_SYN } from "../../../stack/wire/tcp.ts";
import type { PacketFields } from "../../network/packet-fields.ts";
import type { Design, FlowBinding } from "../design.ts";
import { FlowMap } from "../flow-map.ts";

const SECOND = 1e9;

/** Nanoseconds that an entry outlives its last packet, by what that packet was. */
export const ENTRY_LIFE = {
  syn: 60 * SECOND,
  established: 900 * SECOND,
  fin: 120 * SECOND,
  reset: 10 * SECOND,
  udp: 300 * SECOND,
} as const;

/** `FlowMap.note`: what the client has said last. */
const OPENING = 0;
const ESTABLISHED = 1;
const CLOSING = 2;
const RESET = 3;

export class ConnectionTable implements FlowBinding {
  private readonly limit: number;
  private readonly flows = new FlowMap();
  private peakBytes = this.flows.bytes;
  private found = 0;
  private missed = 0;
  private evicted = 0;
  private restarts = 0;

  /** `limit`: most entries; beyond, an old one has to go for each new one. */
  constructor(limit = 1 << 22) {
    this.limit = limit;
  }

  find(fields: PacketFields, now: number): number {
    const slot = this.slotOf(fields, now);
    // A SYN after the end is another connection with the same addresses and ports.
    if (slot >= 0 && fields.opens && this.flows.note(slot) >= CLOSING) this.flows.delete(slot);
    else if (slot >= 0) {
      this.found++;
      if (!fields.isError) this.heard(slot, fields, now);
      return this.flows.value(slot);
    }
    this.missed++;
    return -1;
  }

  bind(fields: PacketFields, server: number, now: number): void {
    // An error says something about a flow and begins none.
    if (fields.isError) return;
    const { flows } = this;
    let slot = this.slotOf(fields, now);
    if (slot >= 0) flows.setValue(slot, server);
    else {
      if (flows.size >= this.limit) {
        this.evicted++;
        flows.evict();
      }
      const { protocol, source, sourcePort, destination, destinationPort } = fields;
      const ends = [protocol, source, sourcePort, destination, destinationPort] as const;
      slot = flows.add(...ends, server, now + ENTRY_LIFE.syn, now);
      this.peakBytes = Math.max(this.peakBytes, flows.bytes);
    }
    this.heard(slot, fields, now);
  }

  restart(): void {
    this.restarts++;
    this.flows.clear();
  }

  replaced(): void {
    this.flows.clear();
  }

  /**
   * `entries` were made in all, `expired` taken after their time and `evicted` before it for want of
   * room; packets `found` an entry or `missed` one. `peakBytes` is what the table itself took.
   */
  figures(): Readonly<Record<string, number>> {
    const { flows, peakBytes, found, missed, evicted, restarts } = this;
    return {
      entries: flows.made,
      peakEntries: flows.peak,
      peakBytes,
      expired: flows.expired,
      evicted,
      found,
      missed,
      restarts,
    };
  }

  private slotOf(fields: PacketFields, now: number): number {
    const { protocol, source, sourcePort, destination, destinationPort } = fields;
    return this.flows.find(protocol, source, sourcePort, destination, destinationPort, now);
  }

  private heard(slot: number, fields: PacketFields, now: number): void {
    const { flows } = this;
    if (fields.protocol !== IPPROTO_TCP) {
      flows.setDeadline(slot, now + ENTRY_LIFE.udp);
      return;
    }
    const note = Math.max(flows.note(slot), saying(fields.flags));
    flows.setNote(slot, note);
    flows.setDeadline(slot, now + LIVES[note]);
  }
}

/** Indexed by note. */
const LIVES = [ENTRY_LIFE.syn, ENTRY_LIFE.established, ENTRY_LIFE.fin, ENTRY_LIFE.reset];

function saying(flags: number): number {
  if (flags & TH_RST) return RESET;
  if (flags & TH_FIN) return CLOSING;
  return flags & TH_SYN ? OPENING : ESTABLISHED;
}

export const connectionRouter: Design = {
  name: "connection-router",
  summary: "routers remember the server of every connection: a table in front, no help at the ends",
  server: {},
  makeBinding: () => new ConnectionTable(),
};
