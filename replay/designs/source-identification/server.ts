/** The server's half: the option goes into what leaves, what comes to the unicast address goes back. */
import type { Clock } from "../../../stack/clock.ts";
import type { Device } from "../../../stack/interface.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import { destination, source } from "../../../stack/wire/ipv4.ts";
import { PacketFields } from "../../network/packet-fields.ts";
import type { Port } from "../../network/port.ts";
import { FlowMap } from "../flow-map.ts";
import { DESTINATION, readdress } from "../readdress.ts";
import { identify, isOfFlow, lifeOf } from "./option.ts";

export class IdentifyingServer {
  /** The shared address of each flow; its place in the key stays 0. */
  readonly flows = new FlowMap();
  private readonly clock: Clock;
  private readonly unicast: number;
  private readonly services: ReadonlySet<number>;
  private readonly fields = new PacketFields();

  constructor(clock: Clock, unicast: number, services: ReadonlySet<number>) {
    this.clock = clock;
    this.unicast = unicast;
    this.services = services;
  }

  before(device: Device): Device {
    return {
      transmit: (m: Mbuf) => {
        if (this.services.has(source(m.view, m.off))) this.sending(m);
        device.transmit(m);
      },
    };
  }

  behind(door: Port): Port {
    return {
      receive: (m: Mbuf) => {
        if (destination(m.view, m.off) === this.unicast) this.receiving(m);
        door.receive(m);
      },
    };
  }

  private sending(m: Mbuf): void {
    const { fields, flows } = this;
    if (isOfFlow(m, fields)) {
      const now = this.clock.now();
      const { protocol, source: shared, sourcePort, destination: client } = fields;
      const port = fields.destinationPort;
      const slot = flows.find(protocol, client, port, 0, sourcePort, now);
      const deadline = now + lifeOf(fields);
      if (slot < 0) flows.add(protocol, client, port, 0, sourcePort, shared, deadline, now);
      else {
        flows.setValue(slot, shared);
        flows.setDeadline(slot, deadline);
      }
    }
    identify(m, this.unicast);
  }

  private receiving(m: Mbuf): void {
    const { fields, flows } = this;
    if (!isOfFlow(m, fields)) return;
    const { protocol, source: client, sourcePort, destinationPort } = fields;
    const slot = flows.find(protocol, client, sourcePort, 0, destinationPort, this.clock.now());
    if (slot >= 0) readdress(m, DESTINATION, flows.value(slot));
  }
}
