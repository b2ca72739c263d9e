/** The connections of a trace in sum, for a reader at a terminal. */
import { bytes, counted, duration, whole } from "./numbers.ts";

export interface ProtocolFacts {
  connections: number;
  /** Of them open before the capture began. */
  midstream: number;
  /** Transport payload. */
  clientBytes: number;
  serverBytes: number;
  /** How many ended how: fin, reset, open, idle. */
  closes: number[];
}

export interface ServiceFacts {
  /** `192.0.2.1:80/tcp`. */
  name: string;
  connections: number;
  bytes: number;
}

export interface FlowFacts {
  files: readonly string[];
  format: string;
  packets: number;
  durationNs: number | null;
  truncated: boolean;
  /** Packets that belong to no connection, by reason. */
  skipped: Readonly<Record<string, number>>;
  tcp: ProtocolFacts;
  udp: ProtocolFacts;
  services: readonly ServiceFacts[];
  /** Connections of services that are not among `services`. */
  unlisted: number;
}

const protocolLines = (facts: FlowFacts): string[] => {
  const header = [
    "",
    "flows",
    "midstream",
    "fin",
    "reset",
    "open",
    "idle",
    "from clients",
    "from servers",
  ];
  const row = (name: string, { connections, midstream, closes, ...p }: ProtocolFacts) => [
    name,
    ...[connections, midstream, ...closes].map(whole),
    bytes(p.clientBytes),
    bytes(p.serverBytes),
  ];
  return columns([header, row("TCP", facts.tcp), row("UDP", facts.udp)]);
};

const serviceLines = ({ services, unlisted }: FlowFacts): string[] => {
  const rows = services.map((s) => [s.name, whole(s.connections), bytes(s.bytes)]);
  const rest = unlisted > 0 ? [["others", whole(unlisted), ""]] : [];
  return columns([["service", "flows", "payload"], ...rows, ...rest]);
};

/** Cells in columns: the first to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

/** The whole summary, ending in a newline. */
export function flowTable(facts: FlowFacts): string {
  const { files, format, packets, durationNs, skipped } = facts;
  const names = files.length <= 3 ? files.join(", ") : `${files[0]} and ${files.length - 1} more`;
  const span = durationNs === null ? "" : `, ${duration(durationNs / 1e9)}`;
  const lines = [`${names}: ${format}, ${counted(packets, "packet")}${span}`, ""];
  lines.push(...protocolLines(facts));
  if (facts.services.length > 0) lines.push("", ...serviceLines(facts));
  const reasons = Object.entries(skipped);
  if (reasons.length > 0) {
    const list = reasons.map(([reason, count]) => `${reason} ${whole(count)}`).join(", ");
    lines.push("", `Packets of no connection: ${list}`);
  }
  if (facts.truncated) {
    lines.push("", "The input could not be read to its end: this is what could be.");
  }
  return `${lines.join("\n")}\n`;
}
