/** Chooses the server for every packet to a shared address that a router forwards. */
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { NextHop, NextHopChooser } from "../../../stack/route-table.ts";
import type { Stack } from "../../../stack/stack.ts";
import { IPPROTO_UDP } from "../../../stack/wire/ipv4.ts";
import type { FlowBinding } from "../../designs/design.ts";
import { PacketFields } from "../../network/packet-fields.ts";
import type { FlowKeys } from "../../policies/policy.ts";
import type { Connection } from "../connection.ts";
import type { FlowTable } from "../flow-table.ts";
import type { PolicyPoint } from "./policy-point.ts";

export class RouterChooser implements NextHopChooser {
  readonly binding: FlowBinding | null;
  private readonly point: PolicyPoint;
  private readonly flows: FlowTable;
  private readonly planned: boolean;
  private readonly fields = new PacketFields();
  private readonly keys = {
    client: new Uint32Array(4),
    server: new Uint32Array(4),
    clientPort: new Uint16Array(1),
    serverPort: new Uint16Array(1),
    protocol: new Uint8Array(1),
  } satisfies FlowKeys;

  /** `planned`: first packets go where the connection's `firstPick` says. */
  constructor(
    point: PolicyPoint,
    flows: FlowTable,
    planned: boolean,
    binding: FlowBinding | null = null,
  ) {
    this.point = point;
    this.flows = flows;
    this.planned = planned;
    this.binding = binding;
    this.keys.client[2] = 0xffff;
    this.keys.server[2] = 0xffff;
  }

  choose(stack: Stack, hops: readonly NextHop[], m: Mbuf): number {
    const { fields, binding, point } = this;
    if (!fields.read(m)) return point.index(this.pick(null)) % hops.length;
    const now = stack.clock.now();
    if (binding) {
      const bound = point.index(binding.find(fields, now));
      if (bound >= 0) return bound;
    }
    const server = this.pick(this.connectionOf());
    if (binding) binding.bind(fields, server, now);
    return point.index(server);
  }

  private connectionOf(): Connection | null {
    const { protocol, source, sourcePort, destination, destinationPort } = this.fields;
    return this.flows.find(protocol, source, sourcePort, destination, destinationPort);
  }

  private pick(connection: Connection | null): number {
    const { fields, keys, point } = this;
    if (connection) {
      if (this.planned && !connection.dispatched && (fields.opens || isDatagram(fields))) {
        connection.dispatched = true;
        if (point.index(connection.firstPick) >= 0) return connection.firstPick;
      }
      keys.client.set(connection.words);
    } else {
      keys.client.fill(0, 0, 2);
      keys.client[2] = 0xffff;
      keys.client[3] = fields.source;
    }
    keys.server[3] = fields.destination;
    keys.clientPort[0] = fields.sourcePort;
    keys.serverPort[0] = fields.destinationPort;
    keys.protocol[0] = fields.protocol;
    if (!connection) return point.pickStray(keys, 0);
    return point.pickLater(keys, 0, connection.id, connection.dispatches++);
  }
}

const isDatagram = (fields: PacketFields): boolean =>
  fields.protocol === IPPROTO_UDP && !fields.isError;
