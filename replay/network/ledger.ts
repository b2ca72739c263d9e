/**
 * Where every packet of the virtual network went. A packet is sent when a host or router hands it to
 * a link; it is then delivered to the node at the other end, or lost for one named reason. At any
 * time sent + duplicated = delivered + lost + in flight.
 */

/** Why a link did not deliver a packet. */
export const LOSSES = ["loss", "queue", "option filter", "down", "nobody"] as const;
export type Loss = (typeof LOSSES)[number];

export class Ledger {
  sent = 0;
  /** Copies that links made of packets. */
  duplicated = 0;
  delivered = 0;
  /** Packets with a bit flipped on the way; delivered, for the receiver to find out. */
  corrupted = 0;
  /** Packets that overtook others. */
  reordered = 0;
  /** On links now. */
  inFlight = 0;
  readonly lost: Record<Loss, number> = {
    loss: 0,
    queue: 0,
    "option filter": 0,
    down: 0,
    nobody: 0,
  };

  get lostTotal(): number {
    return LOSSES.reduce((sum, reason) => sum + this.lost[reason], 0);
  }

  /** Packets that the other counts do not account for: 0. */
  get missing(): number {
    return this.sent + this.duplicated - this.delivered - this.lostTotal - this.inFlight;
  }
}
