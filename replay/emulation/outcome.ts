/** What became of the connections of one run: counts, and how each broken one broke. */
import type { Connection } from "./connection.ts";

/** The one end that every connection comes to. */
export type End = "completed" | "reset" | "timedOut" | "neverOpened";

export interface Outcome {
  connections: number;
  /** Everything recorded was sent and received, and the end was the recorded one. */
  completed: number;
  /** Established, then reset, or ended by an error. */
  reset: number;
  /** Established, then without progress until the client gave up. */
  timedOut: number;
  /** Never established at the client. */
  neverOpened: number;
  /** Completed, and no packet ever went to a server that did not hold the connection. */
  untouched: number;
  /** Packets of open connections delivered to a server that does not hold them. */
  pccViolations: number;
  /** Connections with at least one. */
  violated: number;
  /** SYNs of a connection that reached a second server. */
  splitSyns: number;
  /** ICMP errors about a connection that reached a server which does not hold it. */
  misdeliveredIcmp: number;
  /** IP option bytes in all packets that hosts sent. */
  optionBytes: number;
  /** Packets with options that routers forwarded. */
  slowPathPackets: number;
  /** Packets that clients and servers received. */
  packets: number;
  /** From first SYN to the first packet addressed to the server alone, over connections with one. */
  pinDelay: { connections: number; meanSeconds: number; maxSeconds: number };
  /** How the broken ones broke. */
  broken: Record<string, number>;
}

export class OutcomeCounter {
  pccViolations = 0;
  splitSyns = 0;
  misdeliveredIcmp = 0;
  optionBytes = 0;
  packets = 0;
  private connections = 0;
  private readonly ends: Record<End, number> = {
    completed: 0,
    reset: 0,
    timedOut: 0,
    neverOpened: 0,
  };
  private untouched = 0;
  private violated = 0;
  private pinned = 0;
  private pinDelaySum = 0;
  private pinDelayMax = 0;
  private readonly broken = new Map<string, number>();

  /** Counts the end of a connection; `how` is the error, where one was. */
  end(connection: Connection, end: End, how: string): void {
    this.connections++;
    this.ends[end]++;
    if (connection.violations > 0) this.violated++;
    if (connection.pinnedAt >= 0) {
      const delay = connection.pinnedAt - connection.openAt;
      this.pinned++;
      this.pinDelaySum += delay;
      this.pinDelayMax = Math.max(this.pinDelayMax, delay);
    }
    if (end === "completed") {
      if (connection.violations + connection.splits === 0) this.untouched++;
      return;
    }
    const astray = connection.violations > 0 ? ", packets reached another server" : "";
    const cause = `${how}${astray}`;
    this.broken.set(cause, (this.broken.get(cause) ?? 0) + 1);
  }

  summary(slowPathPackets: number): Outcome {
    const byName = ([a]: [string, number], [b]: [string, number]) => (a < b ? -1 : a > b ? 1 : 0);
    return {
      connections: this.connections,
      ...this.ends,
      untouched: this.untouched,
      pccViolations: this.pccViolations,
      violated: this.violated,
      splitSyns: this.splitSyns,
      misdeliveredIcmp: this.misdeliveredIcmp,
      optionBytes: this.optionBytes,
      slowPathPackets,
      packets: this.packets,
      pinDelay: {
        connections: this.pinned,
        meanSeconds: this.pinned > 0 ? this.pinDelaySum / this.pinned / 1e9 : 0,
        maxSeconds: this.pinDelayMax / 1e9,
      },
      broken: Object.fromEntries([...this.broken].sort(byName)),
    };
  }
}
