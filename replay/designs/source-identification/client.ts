/** The client's half: who answered is read from the option, and gets the rest of the flow. */
import type { Clock } from "../../../stack/clock.ts";
import type { Device } from "../../../stack/interface.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import { destination, source } from "../../../stack/wire/ipv4.ts";
import { PacketFields } from "../../network/packet-fields.ts";
import type { Port } from "../../network/port.ts";
import { FlowMap } from "../flow-map.ts";
import { DESTINATION, readdress, SOURCE } from "../readdress.ts";
import { identity, isOfFlow, lifeOf } from "./option.ts";

export class IdentifiedClient {
  /** The unicast address of each flow's server. */
  readonly flows = new FlowMap();
  private readonly clock: Clock;
  private readonly services: ReadonlySet<number>;
  private readonly fields = new PacketFields();

  constructor(clock: Clock, services: ReadonlySet<number>) {
    this.clock = clock;
    this.services = services;
  }

  before(device: Device): Device {
    return {
      transmit: (m: Mbuf) => {
        if (this.services.has(destination(m.view, m.off))) this.sending(m);
        device.transmit(m);
      },
    };
  }

  behind(door: Port): Port {
    return {
      receive: (m: Mbuf) => {
        this.receiving(m);
        door.receive(m);
      },
    };
  }

  private sending(m: Mbuf): void {
    const { fields, flows } = this;
    if (!isOfFlow(m, fields)) return;
    const now = this.clock.now();
    const { protocol, source: client, sourcePort, destination: shared, destinationPort } = fields;
    const slot = flows.find(protocol, client, sourcePort, shared, destinationPort, now);
    if (slot < 0) return;
    if (fields.opens) {
      flows.delete(slot);
      return;
    }
    flows.setDeadline(slot, now + lifeOf(fields));
    readdress(m, DESTINATION, flows.value(slot));
  }

  private receiving(m: Mbuf): void {
    const shared = identity(m);
    if (!this.services.has(shared)) return;
    const unicast = source(m.view, m.off);
    readdress(m, SOURCE, shared);
    const { fields, flows } = this;
    if (!isOfFlow(m, fields)) return;
    const now = this.clock.now();
    const { protocol, sourcePort, destination: client, destinationPort } = fields;
    const slot = flows.find(protocol, client, destinationPort, shared, sourcePort, now);
    if (slot >= 0) return;
    const ends = [protocol, client, destinationPort, shared, sourcePort] as const;
    flows.add(...ends, unicast, now + lifeOf(fields), now);
  }
}
