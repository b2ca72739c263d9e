/**
 * The pins of a one-to-many socket: for each peer the source route its last datagram came by and the
 * own address it was sent to, so that an answer goes back the same way, from the same address
 * (specification 4.9). The 1,024 peers heard of last are kept, each for 120 seconds.
 */
import { SECOND } from "../clock.ts";
import type { KernelProfile } from "../config.ts";
import type { SavedRoute } from "../ip/saved-route.ts";
import type { SendOptions } from "../ip/send-options.ts";

export const PEERS = 1024;
export const PEER_LIFETIME = 120 * SECOND;

export interface Peer {
  /** The own address that the peer talks to. */
  local: number;
  options: SendOptions | null;
  expires: number;
}

/** Address and port as one number: 48 bits, exact in a double. */
const keyOf = (address: number, port: number): number => address * 0x10000 + port;

export class PeerRoutes {
  /** In the order in which peers were heard of last. */
  private readonly peers = new Map<number, Peer>();

  get size(): number {
    return this.peers.size;
  }

  /** Notes what a datagram from `address`:`port` to `local` says about the way back. */
  note(
    address: number,
    port: number,
    local: number,
    saved: SavedRoute,
    profile: KernelProfile,
    now: number,
  ): void {
    const key = keyOf(address, port);
    let peer = this.peers.get(key);
    if (!peer) {
      // Without a route there is nothing that routing would not find by itself.
      if (saved.count === 0) return;
      peer = { local, options: null, expires: 0 };
    } else this.peers.delete(key);
    if (!saved.matches(peer.options, profile)) peer.options = saved.reply(profile);
    if (saved.count === 0) return;
    peer.local = local;
    peer.expires = now + PEER_LIFETIME;
    this.peers.set(key, peer);
    if (this.peers.size > PEERS) this.forgetOldest();
  }

  /** What is known of a peer, null when nothing is or it is too old. */
  find(address: number, port: number, now: number): Peer | null {
    const peer = this.peers.get(keyOf(address, port));
    if (!peer) return null;
    if (peer.expires > now) return peer;
    this.peers.delete(keyOf(address, port));
    return null;
  }

  clear(): void {
    this.peers.clear();
  }

  private forgetOldest(): void {
    for (const key of this.peers.keys()) {
      this.peers.delete(key);
      return;
    }
  }
}
