/** The connection that a script's packets belong to, and how its numbers stand for those on the wire. */

/** What the script's packets are about now. */
export class Connection {
  /** 0 until the stack has chosen it. */
  localPort: number;
  remotePort: number;
  /** The number on the wire that the script calls 0, of the stack's sequence space. */
  firstSequence: number | null = null;
  /** Likewise of the stack's timestamps. */
  firstTimestamp: number | null = null;
  /** What stood on the wire for each timestamp that the script names. */
  readonly timestamps = new Map<number, number>();
  /** Waits for a peer: the next SYN from the wire begins another connection. */
  listening: boolean;

  constructor(localPort: number, remotePort: number, listening: boolean) {
    this.localPort = localPort;
    this.remotePort = remotePort;
    this.listening = listening;
  }

  /** A number of the stack's sequence space as it goes over the wire. */
  toWire(script: number): number {
    return (script + (this.firstSequence ?? 0)) >>> 0;
  }

  toScript(wire: number): number {
    return (wire - (this.firstSequence ?? 0)) >>> 0;
  }

  timestampToWire(script: number): number {
    if (script === 0) return 0;
    return this.timestamps.get(script) ?? (script + (this.firstTimestamp ?? 0)) >>> 0;
  }
}
