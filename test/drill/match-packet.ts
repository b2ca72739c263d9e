/** Holds a packet that the stack sent against what the script expects. */
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { IPPROTO_ICMPV6 } from "../../stack/wire/ipv6.ts";
import { TH_ACK, TH_SYN, TH_URG } from "../../stack/wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { IpInfo, TcpAction, TcpOption } from "./model.ts";
import { flagText, optionsText, optionText, type Seen, scriptOptions } from "./read-packet.ts";

/**
 * What differs, one line each; empty when nothing does. `slack` is by how many milliseconds
 * timestamps may differ. Learns the connection's numbers from SYNs.
 */
export function compareSegment(
  action: TcpAction,
  seen: Seen,
  connection: Connection,
  slack: number,
): string[] {
  if (seen.protocol !== IPPROTO_TCP) return [`a segment, found ${describeSeen(seen, connection)}`];
  const differences: string[] = [];
  const differs = (what: string, expected: unknown, found: unknown) => {
    if (expected !== found) differences.push(`${what} ${expected}, found ${found}`);
  };
  if (connection.localPort === 0) connection.localPort = seen.sourcePort;
  differs("from port", connection.localPort, seen.sourcePort);
  differs("to port", connection.remotePort, seen.destinationPort);
  learn(action, seen, connection);
  differs("flags", flagText(action.flags), flagText(seen.flags));
  if (action.seq !== null) {
    const seq = action.absolute ? seen.seq : connection.toScript(seen.seq);
    differs("sequence number", action.seq, seq);
  }
  differs("length", action.length, seen.length);
  if (action.flags & TH_ACK) differs("ack", action.ack, seen.ack);
  if (action.window !== null) differs("win", action.window, seen.window);
  if (action.flags & TH_URG) differs("urg", action.urgent, seen.urgent);
  if (action.options !== null) {
    const found = scriptOptions(seen.options, connection);
    if (!sameOptions(action.options, found, slack)) {
      differs(
        "options",
        optionsText(action.options).trim() || "none",
        optionsText(found).trim() || "none",
      );
    }
  }
  return [...differences, ...compareIp(action.ip, seen)];
}

/** The first SYN tells where the stack's sequence space begins, the first timestamp likewise. */
function learn(action: TcpAction, seen: Seen, connection: Connection): void {
  if (seen.flags & TH_SYN && (connection.firstSequence === null || action.seq === null)) {
    connection.firstSequence = (seen.seq - (action.seq ?? 0)) | 0;
  }
  const stamp = seen.options.find(({ name }) => name === "TS");
  if (stamp?.value === undefined) return;
  const expected = action.options?.find(({ name }) => name === "TS")?.value;
  if (expected !== undefined) connection.timestamps.set(expected, stamp.value);
  connection.firstTimestamp ??= (stamp.value - (expected ?? stamp.value)) | 0;
}

function sameOptions(expected: TcpOption[], found: TcpOption[], slack: number): boolean {
  if (expected.length !== found.length) return false;
  return expected.every((option, i) => {
    const other = found[i];
    if (option.name !== "TS" || other.name !== "TS")
      return optionText(option) === optionText(other);
    const late = ((other.value ?? 0) - (option.value ?? 0)) | 0;
    const inTime = option.anyValue || Math.abs(late) <= slack;
    return inTime && (option.anyEcr || (option.ecr ?? 0) === other.ecr);
  });
}

/** What differs in the IP header. */
export function compareIp(ip: IpInfo, seen: Seen): string[] {
  const differences: string[] = [];
  const mask = ip.tosMask ?? 0;
  if (ip.tos !== undefined && (seen.tos & mask) !== ip.tos) {
    differences.push(`tos ${hex(ip.tos)} under ${hex(mask)}, found ${hex(seen.tos)}`);
  }
  const codepoint = seen.tos & 3;
  if (ip.ect01 && codepoint !== 1 && codepoint !== 2) {
    differences.push(`ect0 or ect1, found ${hex(seen.tos)}`);
  }
  if (ip.ttl !== undefined && ip.ttl !== seen.ttl) {
    differences.push(`ttl ${ip.ttl}, found ${seen.ttl}`);
  }
  return differences;
}

const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;

/** A packet as a script would write it. */
export function describeSeen(seen: Seen, connection: Connection | null): string {
  if (seen.protocol === IPPROTO_UDP) return `udp (${seen.length})`;
  if (seen.protocol === IPPROTO_ICMP || seen.protocol === IPPROTO_ICMPV6) {
    return `icmp (${seen.length} bytes)`;
  }
  const seq = connection ? connection.toScript(seen.seq) : seen.seq;
  const ack = seen.flags & TH_ACK ? ` ack ${seen.ack}` : "";
  const options = connection ? scriptOptions(seen.options, connection) : seen.options;
  const range = `${seq}:${(seq + seen.length) >>> 0}(${seen.length})`;
  return `${flagText(seen.flags)} ${range}${ack} win ${seen.window}${optionsText(options)}`;
}

/** What the script wrote. */
export function describeAction(action: TcpAction): string {
  const { seq, length } = action;
  const range = seq === null ? `...(${length})` : `${seq}:${seq + length}(${length})`;
  const ack = action.flags & TH_ACK ? ` ack ${action.ack}` : "";
  const window = action.window === null ? "" : ` win ${action.window}`;
  return `${flagText(action.flags)} ${range}${ack}${window}${optionsText(action.options)}`;
}
