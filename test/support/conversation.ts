/** Conversations as text, and what a connection table makes of them. */
import * as assert from "uvu/assert";
import { type ConnectionOptions, ConnectionTracker } from "../../traces/connections.ts";
import { connectionObjects, type FollowedConnection } from "./follow-capture.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "./packet-batch.ts";
import { ipv4, tcp } from "./segment.ts";

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

/** Who talks: `c`, at first its address and port, and `s`. */
export interface Talkers {
  addresses?: readonly [client: string, server: string];
  ports?: readonly [client: number, server: number];
}

const ADDRESSES = ["10.0.0.1", "10.0.0.2"] as const;

/**
 * Packets between client `c` (10.0.0.1:40000 if not told otherwise) and server `s` (10.0.0.2:80), one
 * a line: `SECONDS c|s FLAGS SEQ ACK [PAYLOAD]`.
 */
export function conversation(
  text: string,
  { addresses = ADDRESSES, ports = [40000, 80] }: Talkers = {},
): MemoryPacket[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [time, who, flags, sequence, acknowledgment, payload] = line.trim().split(/\s+/);
      const from = who === "c" ? 0 : 1;
      const segment = tcp({
        from: ports[from],
        to: ports[1 - from],
        sequence: Number(sequence),
        acknowledgment: Number(acknowledgment),
        payload: Number(payload ?? 0),
        flags: [...flags.replace("-", "")].reduce((sum, f) => sum | (FLAGS[f] ?? 0), 0),
      });
      const data = ipv4(segment, { source: addresses[from], destination: addresses[1 - from] });
      return { data, linkType: 101, time: Number(time) * 1e9 };
    });
}

/** Their connections, in the order in which they are reported. */
export function follow(
  packets: readonly MemoryPacket[],
  options: ConnectionOptions = {},
): FollowedConnection[] {
  const tracker = new ConnectionTracker(options, batchMemory);
  // One packet a batch: a batch's end must make no difference.
  const closed = packets.flatMap((packet) =>
    connectionObjects(tracker.follow(packetBatch([packet])).closed),
  );
  for (const activity of tracker.end()) closed.push(...connectionObjects(activity.closed));
  const together = new ConnectionTracker(options, batchMemory);
  const again = connectionObjects(together.follow(packetBatch(packets)).closed);
  for (const activity of together.end()) again.push(...connectionObjects(activity.closed));
  const byId = (a: FollowedConnection, b: FollowedConnection) => a.id - b.id;
  assert.equal(again.sort(byId), closed.sort(byId), "batches make no difference");
  return closed;
}

/** A handshake. */
export const OPEN = `
  0   c S  100 0
  0.1 s SA 500 101
  0.2 c A  101 501`;
/** The end of what has so begun. */
export const CLOSE = `
  1   c FA 101 501
  1.1 s FA 501 102
  1.2 c A  102 502`;

/** `close seconds clientPackets/clientBytes serverPackets/serverBytes [midstream] [reversed]` of each. */
export const summary = (
  connections: readonly FollowedConnection[],
  { addresses = ADDRESSES }: Talkers = {},
): string[] =>
  connections.map(({ close, duration, packets, bytes, midstream, client }) => {
    const sides = packets.map((n, i) => `${n}/${bytes[i]}`).join(" ");
    const who = client.startsWith(`${addresses[0]} `) ? "" : " reversed";
    return `${close} ${duration / 1e9} ${sides}${midstream ? " midstream" : ""}${who}`;
  });

/** What becomes of a conversation, the same whichever end has the smaller address. */
export function outcome(text: string, talkers: Talkers = {}): string[] {
  const found = summary(follow(conversation(text, talkers)));
  const other = { ...talkers, addresses: ["10.0.0.2", "10.0.0.1"] as const };
  assert.equal(summary(follow(conversation(text, other)), other), found, "ends exchanged");
  return found;
}
