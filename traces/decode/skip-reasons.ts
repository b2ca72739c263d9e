/** Why a packet belongs to no connection. What is counted here is counted by name, never fatal. */

/** Not skipped: a TCP segment or UDP datagram stands in the columns. */
export const DECODED = 0;
export const SKIP_LINK_TYPE = 1;
export const SKIP_LINK_CUT = 2;
export const SKIP_NOT_IP = 3;
export const SKIP_ARP = 4;
export const SKIP_IP_CUT = 5;
export const SKIP_IP_MALFORMED = 6;
export const SKIP_ICMP = 7;
export const SKIP_TUNNEL = 8;
export const SKIP_PROTOCOL = 9;
export const SKIP_FRAGMENT = 10;
export const SKIP_TRANSPORT_CUT = 11;
export const SKIP_ENCRYPTED = 12;

/** The text of each reason, for reports. */
export const SKIP_NAMES = [
  "",
  "unknown link type",
  "cut inside the link header",
  "not IP",
  "ARP",
  "cut inside the IP header",
  "malformed IP header",
  "ICMP",
  "tunnel not entered",
  "other transport protocol",
  "fragment without its first",
  "cut before the ports",
  "encrypted (ESP)",
] as const;
