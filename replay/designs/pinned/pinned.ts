/**
 * The paper's design: servers put their own address into packets as a hop of a source route, clients
 * that reverse it come back to them (Engel et al. section 3). Two places in the server to do it.
 */
import { IPPROTO_TCP, IPPROTO_UDP } from "../../../stack/wire/ipv4.ts";
import type { Design } from "../design.ts";

const pinProtocols = [IPPROTO_TCP, IPPROTO_UDP];

/** In `ip_output`, with the address of the interface that the packet leaves by. */
export const pinnedTransmit: Design = {
  name: "pinned-transmit",
  summary: "servers insert a source route into what they send (section 3.1 of the paper)",
  server: { pinTx: true, pinProtocols },
};

/** In `ipintr`, with the address of the interface that the request came by. */
export const pinnedReceive: Design = {
  name: "pinned-receive",
  summary: "servers extend the route of what they receive, TCP reverses it (section 3.2)",
  server: { pinRx: true, pinProtocols },
};

/**
 * The receive path on a stack that sends a packet to itself where a source route leads through it,
 * as unchanged kernels do: shows why the paper does it in one pass.
 */
export const pinnedTwoPass: Design = {
  name: "pinned-two-pass",
  summary: "the receive path with the two passes of an unchanged kernel, which pin the way out",
  server: { pinRx: true, pinProtocols, twoPass: true, forwarding: true },
};
