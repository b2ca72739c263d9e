/**
 * Ethernet frames of one HTTP service as pcap records, written straight into a buffer. IPv4 and TCP
 * headers as Linux sends them (timestamps on every segment), checksums valid for a payload whose
 * bytes past the snapshot length are zero.
 */

export const SNAPLEN = 96;
/** Longest record this writes: record header and a full snapshot. */
export const LONGEST_RECORD = 16 + SNAPLEN;
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

const SERVER_ADDRESS = 0xcb007109; // 203.0.113.9
const SERVER_PORT = 80;
const ETHERNET = 14;
const IPV4 = 20;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const REQUEST = ascii("GET /index.html HTTP/1.1\r\nHost");
const RESPONSE = ascii("HTTP/1.1 200 OK\r\nContent-Type:");

/** What is said in a packet; the writer turns it into bytes. */
export interface Segment {
  fromServer: boolean;
  client: number;
  clientPort: number;
  sequence: number;
  acknowledgement: number;
  flags: number;
  /** Payload bytes on the wire. */
  payload: number;
  /** The first payload bytes are a request's or a response's; otherwise they are zeros. */
  begins: boolean;
  /** Values of the timestamps option, milliseconds. */
  stamp: number;
  echo: number;
}

/** Sum of the 16-bit words of bytes `from` to `to` (an even distance). */
function sumWords(view: DataView, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 2) sum += view.getUint16(at);
  return sum;
}

function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff;
}

/** The 24-byte file header: little-endian, microseconds, Ethernet. */
export function writeFileHeader(view: DataView): number {
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAPLEN, true);
  view.setUint32(20, 1, true);
  return 24;
}

/** Writes one record at `at` and returns where the next one goes. Time is in seconds. */
export function writeRecord(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  seconds: number,
  identification: number,
  s: Segment,
): number {
  const syn = (s.flags & SYN) !== 0;
  const tcpHeader = syn ? 40 : 32;
  const wire = ETHERNET + IPV4 + tcpHeader + s.payload;
  const captured = Math.min(SNAPLEN, wire);
  const whole = Math.floor(seconds);
  view.setUint32(at, whole, true);
  view.setUint32(at + 4, Math.floor((seconds - whole) * 1e6), true);
  view.setUint32(at + 8, captured, true);
  view.setUint32(at + 12, wire, true);

  const frame = at + 16;
  view.setUint32(frame, 0x00005e00);
  view.setUint32(frame + 4, s.fromServer ? 0x53010000 : 0x53090000);
  view.setUint32(frame + 8, s.fromServer ? 0x5e005309 : 0x5e005301);
  view.setUint16(frame + 12, 0x0800);

  const ip = frame + ETHERNET;
  const tcp = ip + IPV4;
  view.setUint32(ip, 0x45000000 | (IPV4 + tcpHeader + s.payload));
  view.setUint32(ip + 4, (identification << 16) | 0x4000);
  view.setUint32(ip + 8, 0x40060000);
  view.setUint32(ip + 12, s.fromServer ? SERVER_ADDRESS : s.client);
  view.setUint32(ip + 16, s.fromServer ? s.client : SERVER_ADDRESS);
  view.setUint16(ip + 10, fold(sumWords(view, ip, tcp)));

  view.setUint16(tcp, s.fromServer ? SERVER_PORT : s.clientPort);
  view.setUint16(tcp + 2, s.fromServer ? s.clientPort : SERVER_PORT);
  view.setUint32(tcp + 4, s.sequence);
  view.setUint32(tcp + 8, s.acknowledgement);
  view.setUint32(tcp + 12, (tcpHeader << 26) | (s.flags << 16) | 0xfaf0);
  view.setUint32(tcp + 16, 0);
  let options = tcp + 20;
  if (syn) {
    view.setUint32(options, 0x020405b4);
    view.setUint32(options + 4, 0x01030307);
    options += 8;
  }
  view.setUint32(options, 0x0101080a);
  view.setUint32(options + 4, s.stamp);
  view.setUint32(options + 8, s.echo);
  const seen = captured - ETHERNET - IPV4 - tcpHeader;
  const body = tcp + tcpHeader;
  bytes.fill(0, body, body + seen + (seen & 1));
  if (s.begins) bytes.set((s.fromServer ? RESPONSE : REQUEST).subarray(0, seen), body);
  const pseudo = sumWords(view, ip + 12, tcp) + 6 + tcpHeader + s.payload;
  view.setUint16(tcp + 16, fold(pseudo + sumWords(view, tcp, body + seen + (seen & 1))));
  return frame + captured;
}
