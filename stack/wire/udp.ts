/** UDP header accessors over a DataView (RFC 768). The ports stand where TCP's do: see tcp.ts. */

export const UDP_HEADER_LENGTH = 8;

/** Length of header and data in bytes. */
export const udpLength = (view: DataView, at: number): number => view.getUint16(at + 4);
/** 0 means that the sender computed none (IPv4 only). */
export const udpChecksum = (view: DataView, at: number): number => view.getUint16(at + 6);
export const setUdpChecksum = (view: DataView, at: number, value: number): void =>
  view.setUint16(at + 6, value);
