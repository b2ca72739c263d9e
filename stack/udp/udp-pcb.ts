/** One datagram socket's end: address and port, what it was sent, and the routes of its peers. */

import { Endpoint } from "../in-pcb.ts";
import type { SavedRoute } from "../ip/saved-route.ts";
import type { SendOptions } from "../ip/send-options.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Socket } from "../socket.ts";
import { PeerRoutes } from "./peer-routes.ts";

/** Receive buffer until SO_RCVBUF says otherwise (4.4BSD's udp_recvspace, about). */
const RECEIVE_SPACE = 65_536;

export class UdpPcb extends Endpoint {
  socket: Socket | null = null;
  /** Datagrams waiting, oldest first; `off`/`len` of each are its data, the headers before it. */
  head: Mbuf | null = null;
  tail: Mbuf | null = null;
  /** Bytes of data waiting, and how many may wait. */
  waiting = 0;
  limit = RECEIVE_SPACE;
  /** How to answer each peer of an unconnected socket. */
  readonly peers = new PeerRoutes();
  /** The route back to the peer of a connected one (it has a single slot). */
  peerRoute: SendOptions | null = null;
  /** IP_OPTIONS of the user win over what packets brought (RFC 1122 section 4.1.3.2). */
  userOptions: SendOptions | null = null;

  /** Remembers the way back to the connected peer, from a packet it sent. */
  keepRoute(saved: SavedRoute, profile: Parameters<SavedRoute["reply"]>[0]): void {
    if (saved.count === 0 || saved.matches(this.peerRoute, profile)) return;
    this.peerRoute = saved.reply(profile);
  }

  /** Queues a datagram; false when the buffer is full. */
  append(m: Mbuf): boolean {
    if (this.waiting + m.len > this.limit) return false;
    m.next = null;
    if (this.tail) this.tail.next = m;
    else this.head = m;
    this.tail = m;
    this.waiting += m.len;
    return true;
  }

  /** Takes the oldest datagram out of the queue. */
  shift(): Mbuf | null {
    const m = this.head;
    if (!m) return null;
    this.head = m.next;
    if (!this.head) this.tail = null;
    m.next = null;
    this.waiting -= m.len;
    return m;
  }
}
