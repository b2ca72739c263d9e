/** What the layers of a host hold, taken down in passing. */

import type { Mbuf } from "../../stack/mbuf.ts";
import type { ControlError, Protocol } from "../../stack/protosw.ts";
import type { Stack } from "../../stack/stack.ts";
import { STATE_NAMES } from "../../stack/tcp/state.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import type { Tcp } from "../../stack/tcp/tcp.ts";
import { formatV4 } from "../../stack/wire/address.ts";
import { IPPROTO_TCP } from "../../stack/wire/ipv4.ts";
import type { TcpLayer } from "./steps.ts";

/** The control block with a peer, or the listening one, or none. */
function blockOf(host: Tcp): Tcb | null {
  let found: Tcb | null = null;
  host.table.forEach((tcb) => {
    if (found === null || tcb.remotePort !== 0) found = tcb;
  });
  return found;
}

/** The host's connection as it is now. */
export function tcpLayer(host: Tcp): TcpLayer {
  const tcb = blockOf(host);
  if (!tcb) return { state: "CLOSED", sndUna: 0, sndNxt: 0, rcvNxt: 0, route: [] };
  return {
    state: STATE_NAMES[tcb.state],
    sndUna: tcb.sndUna >>> 0,
    sndNxt: tcb.sndMax >>> 0,
    rcvNxt: tcb.rcvNxt >>> 0,
    route: routeOf(tcb),
  };
}

/** Where the connection's packets are led: the first hop, then those in the option. */
function routeOf(tcb: Tcb): string[] {
  const { options } = tcb.ip;
  if (!options || options.firstHop === 0) return [];
  const { bytes } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = bytes[0] === 1 ? 1 : 0;
  const hops = Math.floor((bytes[at + 1] - 3) / 4);
  return [
    formatV4(options.firstHop),
    ...Array.from({ length: hops }, (_, i) => formatV4(view.getUint32(at + 3 + 4 * i))),
  ];
}

/** A packet as `ipintr` handed it to TCP. */
export interface Handed {
  interface: string;
  /** The IP packet, its options as IP left them. */
  packet: Uint8Array;
  /** The route saved beside it, whose reversal leads back: hops in order of travel, source first. */
  saved: readonly string[];
}

/** Stands before TCP in the protocol switch and takes down what comes, before and after. */
export class Lookout implements Protocol {
  readonly name = "tcp";
  private readonly tcp: Tcp;
  private readonly before: (handed: Handed) => void;
  private readonly after: () => void;

  constructor(tcp: Tcp, before: (handed: Handed) => void, after: () => void) {
    this.tcp = tcp;
    this.before = before;
    this.after = after;
    tcp.stack.register(IPPROTO_TCP, this);
  }

  input(stack: Stack, m: Mbuf): void {
    const { savedRoute } = stack;
    const hops = [...savedRoute.hops.subarray(0, savedRoute.count)];
    this.before({
      interface: m.rcvif?.name ?? "",
      packet: m.bytes.slice(m.ipAt, m.off + m.len),
      saved: hops.length > 0 ? [savedRoute.source, ...hops].map(formatV4) : [],
    });
    this.tcp.input(stack, m);
    this.after();
  }

  ctlInput(stack: Stack, error: ControlError): boolean {
    return this.tcp.ctlInput(stack, error);
  }
}
