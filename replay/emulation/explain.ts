/** A broken connection told by its packets at both ends, options decoded. */
import { decodeOptions, describeOptions } from "../../ipopts/decode.ts";
import { formatV4 } from "../../stack/wire/address.ts";
import * as icmp from "../../stack/wire/icmp.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import type { Connection } from "./connection.ts";
import { Evidence, type Sighting } from "./evidence.ts";
import type { End } from "./outcome.ts";
import type { EmulationSettings } from "./settings.ts";

/** One packet, sent or received at one end. */
export interface ExplainedPacket {
  /** Seconds after the connection was opened. */
  time: number;
  place: string;
  sent: boolean;
  source: string;
  destination: string;
  /** What the transport says: ports, flags, relative numbers, length. */
  transport: string;
  /** IP options decoded; empty for none. */
  options: string;
}

export interface Explanation {
  client: string;
  server: string;
  end: End;
  how: string;
  /** Server that held it, from 1; 0 for none. */
  holder: number;
  packets: readonly ExplainedPacket[];
  /** Packets left out in the middle. */
  more: number;
}

/** Watches one run and explains the `wanted`-th connection, from 1, that does not complete. */
export class Explainer implements Pick<EmulationSettings, "opened" | "ended"> {
  explanation: Explanation | null = null;
  private readonly wanted: number;
  private broken = 0;

  constructor(wanted: number) {
    this.wanted = wanted;
  }

  readonly opened = (connection: Connection): void => {
    if (!this.explanation) connection.evidence = new Evidence();
  };

  readonly ended = (connection: Connection, end: End, how: string): void => {
    if (end === "completed" || ++this.broken !== this.wanted) return;
    const { client, clientPort, server, serverPort, holder, evidence, openAt } = connection;
    this.explanation = {
      client: `${formatV4(client)}:${clientPort}`,
      server: `${formatV4(server)}:${serverPort}`,
      end,
      how,
      holder: holder + 1,
      packets: explainPackets(evidence?.sightings ?? [], openAt),
      more: evidence?.more ?? 0,
    };
  };
}

const FLAGS: readonly [number, string][] = [
  [tcp.TH_SYN, "S"],
  [tcp.TH_FIN, "F"],
  [tcp.TH_RST, "R"],
  [tcp.TH_PUSH, "P"],
  [tcp.TH_ACK, "."],
];

function explainPackets(sightings: readonly Sighting[], openAt: number): ExplainedPacket[] {
  // Sequence numbers count from the first one seen of each sender, as tcpdump shows them.
  const first = new Map<number, number>();
  return sightings.map(({ time, place, sent, bytes, length }) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const header = ipv4.headerLength(view, 0);
    const options = header > 20 ? decodeOptions(view, 20, header - 20).options : [];
    return {
      time: (time - openAt) / 1e9,
      place,
      sent,
      source: formatV4(ipv4.source(view, 0)),
      destination: formatV4(ipv4.destination(view, 0)),
      transport: transportOf(view, header, length, first),
      options: describeOptions(options),
    };
  });
}

function transportOf(
  view: DataView,
  at: number,
  length: number,
  first: Map<number, number>,
): string {
  const protocol = ipv4.protocol(view, 0);
  if (protocol === ipv4.IPPROTO_ICMP) {
    return `ICMP type ${icmp.icmpType(view, at)} code ${icmp.icmpCode(view, at)}`;
  }
  const ports = `${tcp.sourcePort(view, at)} > ${tcp.destinationPort(view, at)}`;
  if (protocol !== ipv4.IPPROTO_TCP) return `${ports} UDP, length ${length - at - 8}`;
  const flags = tcp.flags(view, at);
  const names = FLAGS.filter(([bit]) => flags & bit).map(([, name]) => name);
  const [from, to] = [tcp.sourcePort(view, at), tcp.destinationPort(view, at)];
  const sequence = relative(first, from, tcp.sequence(view, at), (flags & tcp.TH_SYN) !== 0);
  const ack =
    flags & tcp.TH_ACK ? `, ack ${relative(first, to, tcp.acknowledgment(view, at), false)}` : "";
  const data = length - at - tcp.dataOffset(view, at);
  return `${ports} [${names.join("")}], seq ${sequence}${ack}, length ${data}`;
}

/** A number as its distance from the sender's first; a SYN begins the count anew. */
function relative(
  first: Map<number, number>,
  port: number,
  value: number,
  begins: boolean,
): number {
  if (begins || !first.has(port)) first.set(port, value);
  return (value - (first.get(port) ?? value)) | 0;
}
