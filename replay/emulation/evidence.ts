/** The packets of one connection as they left and reached its two ends, kept while it is open. */
import type { Mbuf } from "../../stack/mbuf.ts";

/** Header bytes kept of a packet: IP and TCP with all their options. */
const KEPT = 120;
/** Packets kept of a connection: its beginning, where things go wrong, and its end. */
const MOST = 400;

export interface Sighting {
  time: number;
  /** Where it was seen: `client`, `server 3`. */
  place: string;
  /** It was leaving, not arriving. */
  sent: boolean;
  bytes: Uint8Array;
  length: number;
}

export class Evidence {
  readonly sightings: Sighting[] = [];
  /** Packets passed over. */
  more = 0;

  add(time: number, place: string, sent: boolean, m: Mbuf): void {
    if (this.sightings.length === MOST) {
      this.sightings.splice(MOST / 2, 1);
      this.more++;
    }
    const bytes = m.bytes.slice(m.off, m.off + Math.min(m.len, KEPT));
    this.sightings.push({ time, place, sent, bytes, length: m.len });
  }
}
