/** Which end of a connection is the server. */

export const TH_SYN: i32 = 0x02;
export const TH_ACK: i32 = 0x10;

const WELL_KNOWN_PORTS: i32 = 1024;
/** Where Linux begins to take clients' ports; IANA's dynamic range begins at 49152. */
const EPHEMERAL_PORTS: i32 = 32768;

function portClass(port: i32): i32 {
  return port < WELL_KNOWN_PORTS ? 0 : port < EPHEMERAL_PORTS ? 1 : 2;
}

/**
 * Whether the sender of a connection's first captured packet is its client.
 *
 * - Who sends a SYN is the client; who sends a SYN with ACK, the server.
 * - TCP that was open before the capture began (midstream): the end with a well-known port (below
 *   1024) is the server, else the one with a registered port (below 32768) facing an ephemeral one;
 *   within one class, the one with the lower port; with equal ports, the receiver.
 * - UDP: who speaks first is the client, unless his port alone is well-known.
 */
export function senderIsClient(udp: bool, flags: i32, sourcePort: i32, port: i32): bool {
  if (!udp && (flags & TH_SYN) !== 0) return (flags & TH_ACK) === 0;
  const source = portClass(sourcePort);
  const destination = portClass(port);
  if (udp) return source !== 0 || destination === 0;
  return source === destination ? sourcePort >= port : source > destination;
}
