/** The routers of one run and the lines between them. */
import type { Link, LinkOptions } from "../../network/link.ts";
import type { Segment } from "../../network/segment.ts";
import { routerAddress } from "../addressing.ts";
import type { Topology } from "../topology.ts";
import { doorDevice, type Links } from "./links.ts";
import { Router } from "./routers.ts";

/** Between routers of one site. */
const CORE: Partial<LinkOptions> = { delay: 50_000 };

const upLine = (router: number): string => `router-${router + 1}-up`;

/** Addresses of the routers that dispatch, as the edge knows them. */
export const dispatcherGateways = ({ routers }: Topology): number[] =>
  Array.from({ length: routers }, (_, i) => routerAddress(i, 1));

/** The routers that dispatch, on the servers' segment: one alone has the clients' line itself. */
export function makeDispatchers(
  links: Links,
  topology: Topology,
  segment: Segment,
  downlink: Link,
): Router[] {
  const { mtu = 1500 } = topology.serverLink;
  return Array.from({ length: topology.routers }, (_, i) => {
    const up = topology.routers === 1 ? downlink : links.make(upLine(i), CORE);
    const router = new Router(
      links.world,
      `router ${i + 1}`,
      { name: "up", device: up, address: routerAddress(i, 1), mtu: downlink.options.mtu },
      { name: "lan", device: segment, address: routerAddress(i), mtu },
    );
    router.reachServers();
    segment.attach(routerAddress(i), doorDevice(router.door("lan")));
    return router;
  });
}

/** The router that the clients see where several dispatch behind it. */
export function makeEdge(
  links: Links,
  topology: Topology,
  dispatchers: readonly Router[],
  downlink: Link,
): Router {
  const core = links.segment();
  const { mtu } = downlink.options;
  const edge = new Router(
    links.world,
    "edge",
    { name: "clients", device: downlink, address: routerAddress(0, 2), mtu },
    { name: "core", device: core, address: routerAddress(1, 2), mtu: 1500 },
  );
  dispatchers.forEach((router, i) => {
    const down = links.make(`router-${i + 1}-down`, CORE);
    down.to = router.door("up");
    core.attach(routerAddress(i, 1), down);
    const up = links.get(upLine(i));
    if (up) up.to = edge.door("core");
  });
  edge.reachServersBy(dispatcherGateways(topology));
  return edge;
}

/**
 * The segment by which multihomed servers send, with a router to the clients: packets to servers'
 * second addresses end there.
 */
export function makeExit(links: Links, downlink: Link): Segment {
  const exit = links.segment();
  const router = new Router(
    links.world,
    "exit",
    { name: "up", device: downlink, address: routerAddress(0, 4), mtu: downlink.options.mtu },
    { name: "lan", device: exit, address: routerAddress(0, 3), mtu: 1500 },
  );
  exit.attach(routerAddress(0, 3), doorDevice(router.door("lan")));
  return exit;
}
