/** Which end of a connection is the server. */

export const TH_SYN: i32 = 0x02;
export const TH_ACK: i32 = 0x10;

const WELL_KNOWN_PORTS: i32 = 1024;

/**
 * Whether the sender of a connection's first captured packet is its client.
 *
 * - Who sends a SYN is the client; who sends a SYN with ACK, the server.
 * - TCP that was open before the capture began (midstream): the end with the lower port is the server,
 *   since well-known ports (RFC 6335) lie below registered ones and those below the ephemeral ones that
 *   clients take; with equal ports, the receiver.
 * - UDP: who speaks first is the client, unless his port alone is well-known.
 */
export function senderIsClient(udp: bool, flags: i32, sourcePort: i32, port: i32): bool {
  if (udp) return sourcePort >= WELL_KNOWN_PORTS || port < WELL_KNOWN_PORTS;
  if ((flags & TH_SYN) !== 0) return (flags & TH_ACK) === 0;
  return sourcePort >= port;
}
