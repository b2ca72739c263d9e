/** ICMP header accessors and numbers (RFC 792, RFC 1122 section 3.2.2, RFC 1812 section 4.3). */

export const ICMP_HEADER_LENGTH = 8;

export const ICMP_ECHO_REPLY = 0;
export const ICMP_UNREACHABLE = 3;
export const ICMP_SOURCE_QUENCH = 4;
export const ICMP_REDIRECT = 5;
export const ICMP_ECHO = 8;
export const ICMP_TIME_EXCEEDED = 11;
export const ICMP_PARAMETER_PROBLEM = 12;
export const ICMP_TIMESTAMP = 13;
export const ICMP_TIMESTAMP_REPLY = 14;

export const ICMP_UNREACHABLE_NET = 0;
export const ICMP_UNREACHABLE_HOST = 1;
export const ICMP_UNREACHABLE_PROTOCOL = 2;
export const ICMP_UNREACHABLE_PORT = 3;
export const ICMP_UNREACHABLE_NEEDFRAG = 4;
export const ICMP_REDIRECT_HOST = 1;
export const ICMP_TIME_EXCEEDED_TRANSIT = 0;
export const ICMP_TIME_EXCEEDED_REASSEMBLY = 1;

/** Error messages quote the packet that caused them; an error is never sent about one. */
export function isIcmpError(type: number): boolean {
  return (
    type === ICMP_UNREACHABLE ||
    type === ICMP_SOURCE_QUENCH ||
    type === ICMP_REDIRECT ||
    type === ICMP_TIME_EXCEEDED ||
    type === ICMP_PARAMETER_PROBLEM
  );
}

export const icmpType = (view: DataView, at: number): number => view.getUint8(at);
export const icmpCode = (view: DataView, at: number): number => view.getUint8(at + 1);
/** MTU of the next hop (RFC 1191), for code 4 of unreachable; 0 from an older router. */
export const icmpMtu = (view: DataView, at: number): number => view.getUint16(at + 6);
