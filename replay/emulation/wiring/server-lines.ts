/** A server and its own lines to the segments it is on. */
import type { Device } from "../../../stack/interface.ts";
import type { Mbuf } from "../../../stack/mbuf.ts";
import type { Design } from "../../designs/design.ts";
import type { Link } from "../../network/link.ts";
import type { Port } from "../../network/port.ts";
import type { Segment } from "../../network/segment.ts";
import { routerAddress, serverAddress } from "../addressing.ts";
import type { Topology } from "../topology.ts";
import { type Host, makeServer, type World } from "./hosts.ts";
import type { Links } from "./links.ts";

export interface WiredServer {
  host: Host;
  /** Its lines, both ways, on all its segments. */
  links: readonly Link[];
}

/** Server `index` on `segment`, by which requests come, and on `exit`, by which it sends if it is there. */
export function wireServer(
  links: Links,
  topology: Topology,
  design: Design,
  index: number,
  segment: Segment,
  exit: Segment | null,
): WiredServer {
  const { world } = links;
  const { mtu = 1500 } = topology.serverLink;
  const segments = exit ? [segment, exit] : [segment];
  const suffix = (which: number): string => `server-${index + 1}${which ? "-exit" : ""}`;
  const out = segments.map((_, i) => links.make(`from-${suffix(i)}`, topology.serverLink));
  const faces = segments.map((lan, i) => ({
    name: `if${i}`,
    device: towards(lan, out[i]),
    address: serverAddress(index, i),
    mtu,
  }));
  const gateway = exit ? routerAddress(0, 3) : routerAddress(index % topology.routers);
  const host = makeServer(world, design, index, faces, gateway);
  const back = segments.map((lan, i) => {
    const link = links.make(suffix(i), topology.serverLink);
    link.to = observedDoor(world, index, host.doors[i]);
    lan.attach(faces[i].address, link);
    return link;
  });
  return { host, links: [...out, ...back] };
}

/** A server's own line to the segment: its delay, then whoever the packet is for. */
function towards(lan: Segment, line: Link): Device {
  // The segment chooses by the next hop that the packet still carries.
  line.to = { receive: (m: Mbuf) => lan.transmit(m) };
  return line;
}

function observedDoor({ observer, clock }: World, server: number, door: Port): Port {
  return {
    receive: (m: Mbuf) => {
      observer.atServer(server, m, clock.now());
      door.receive(m);
    },
  };
}
