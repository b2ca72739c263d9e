/** ICMP messages from the wire: errors about what the stack sent. */
import { IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { ipPacket, quotedSegment } from "./build-packet.ts";
import type { Connection } from "./connection.ts";
import { icmpNumbers } from "./icmp-names.ts";
import type { Machine } from "./machine.ts";
import { type IcmpAction, Unsupported } from "./model.ts";

/** The message without its checksum; it quotes a packet of the connection from the stack. */
export function buildIcmp(
  machine: Machine,
  action: IcmpAction,
  connection: Connection,
  line: number,
): Uint8Array {
  const { family, local, remote } = machine;
  const numbers = icmpNumbers(family, action.type, action.code);
  if (!numbers) {
    throw new Unsupported(`icmp ${action.type} ${action.code ?? ""}`.trimEnd(), line);
  }
  const { protocol, seq, length } = action.quoted;
  const tcp = protocol === "tcp";
  const quoted = tcp ? quotedSegment(seq, connection) : quotedDatagram(connection, length);
  const about = ipPacket(local, remote, tcp ? IPPROTO_TCP : IPPROTO_UDP, quoted, {}, -1);
  const message = new Uint8Array(8 + about.length);
  const view = new DataView(message.buffer);
  view.setUint8(0, numbers.type);
  view.setUint8(1, numbers.code);
  if (action.mtu !== null) {
    if (family === 4) view.setUint16(6, action.mtu);
    else view.setUint32(4, action.mtu);
  }
  message.set(about, 8);
  return message;
}

function quotedDatagram(connection: Connection, length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, connection.localPort);
  view.setUint16(2, connection.remotePort);
  view.setUint16(4, 8 + length);
  return bytes;
}
