/**
 * What decoding leaves of a run of packets: a row of words for the TCP segment or UDP datagram in
 * each. Rows, not columns: who follows a packet reads most of its words, and all of a row lies in
 * one cache line, behind one array's bounds.
 */

/** Packets decoded at a time: few enough to stay in the first-level cache until they are counted. */
export const CHUNK_PACKETS = 256;

/** Word w of the row of packet i is `rows[(i << ROW_SHIFT) + w]`. */
export const ROW_SHIFT = 4;
export const ROW_WORDS = 1 << ROW_SHIFT;

/** `KIND_NONE`, or bits `KIND_*`. */
export const KIND = 0;
/** IPv4 address, or number in the address book. */
export const SOURCE = 1;
export const DESTINATION = 2;
/** Source port in the upper half, destination port in the lower. */
export const PORTS = 3;
/** TCP flags; 0 for UDP, for later fragments and where the capture ends before them. */
export const FLAGS = 4;
export const SEQUENCE = 5;
export const ACKNOWLEDGMENT = 6;
/** Transport payload in bytes, as the headers give it: neither padding nor cut short. */
export const PAYLOAD = 7;
/** Words from here on are for the notes of who follows the packet. */
export const NOTES = 8;

/** Kinds of row. Bit 0: UDP; bit 1: addresses are numbers of an `AddressBook`, not IPv4. */
export const KIND_NONE = -1;
export const KIND_UDP = 1;
export const KIND_V6 = 2;

export type PacketRows = Int32Array;

/** Rows for `CHUNK_PACKETS` packets. */
export const packetRows = (): PacketRows => new Int32Array(CHUNK_PACKETS << ROW_SHIFT);
