/**
 * TCP header accessors over a DataView (RFC 9293 section 3.1).
 *
 * ```
 * |          Source Port          |       Destination Port        |  0
 * |                        Sequence Number                        |  4
 * |                    Acknowledgment Number                      |  8
 * | Offset|  Rsrvd |C|E|U|A|P|R|S|F|            Window            | 12
 * |           Checksum            |         Urgent Pointer        | 16
 * |                           Options                             | 20
 * ```
 */

export const TCP_HEADER_LENGTH = 20;
export const TCP_MAX_HEADER_LENGTH = 60;

export const TH_FIN = 0x01;
export const TH_SYN = 0x02;
export const TH_RST = 0x04;
export const TH_PUSH = 0x08;
export const TH_ACK = 0x10;
export const TH_URG = 0x20;
export const TH_ECE = 0x40;
export const TH_CWR = 0x80;
/** Accurate ECN (RFC 9768); the lowest bit of the byte before the others. */
export const TH_AE = 0x100;

/** TCP and UDP keep both ports at the same place. */
export const sourcePort = (view: DataView, at: number): number => view.getUint16(at);
export const destinationPort = (view: DataView, at: number): number => view.getUint16(at + 2);
export const sequence = (view: DataView, at: number): number => view.getUint32(at + 4);
export const acknowledgment = (view: DataView, at: number): number => view.getUint32(at + 8);
/** Header length in bytes, options included. */
export const dataOffset = (view: DataView, at: number): number =>
  (view.getUint8(at + 12) & 0xf0) >>> 2;
export const flags = (view: DataView, at: number): number => view.getUint8(at + 13);
export const window = (view: DataView, at: number): number => view.getUint16(at + 14);
export const urgentPointer = (view: DataView, at: number): number => view.getUint16(at + 18);

export const setSourcePort = (view: DataView, at: number, port: number): void =>
  view.setUint16(at, port);
export const setDestinationPort = (view: DataView, at: number, port: number): void =>
  view.setUint16(at + 2, port);
export const setSequence = (view: DataView, at: number, value: number): void =>
  view.setUint32(at + 4, value);
export const setAcknowledgment = (view: DataView, at: number, value: number): void =>
  view.setUint32(at + 8, value);
/** Writes a header length given in bytes (a multiple of 4) and clears the reserved bits. */
export const setDataOffset = (view: DataView, at: number, bytes: number): void =>
  view.setUint8(at + 12, bytes << 2);
export const setFlags = (view: DataView, at: number, value: number): void =>
  view.setUint8(at + 13, value);
export const setWindow = (view: DataView, at: number, value: number): void =>
  view.setUint16(at + 14, value);
export const setTcpChecksum = (view: DataView, at: number, value: number): void =>
  view.setUint16(at + 16, value);
export const setUrgentPointer = (view: DataView, at: number, value: number): void =>
  view.setUint16(at + 18, value);
