/** What decoding leaves of a run of packets: the TCP segment or UDP datagram in each, as columns. */

/** Packets decoded at a time: few enough to stay in the first-level cache until they are counted. */
export const CHUNK_PACKETS = 256;

/** Kinds of row. Bit 0: UDP; bit 1: addresses are numbers of an `AddressBook`, not IPv4. */
export const KIND_NONE = -1;
export const KIND_UDP = 1;
export const KIND_V6 = 2;

export class TransportColumns {
  /** `KIND_NONE`, or bits `KIND_*`. */
  readonly kind = new Int8Array(CHUNK_PACKETS);
  /** IPv4 address, or number in the address book. */
  readonly source = new Int32Array(CHUNK_PACKETS);
  readonly destination = new Int32Array(CHUNK_PACKETS);
  /** Source port in the upper half, destination port in the lower. */
  readonly ports = new Int32Array(CHUNK_PACKETS);
  /** TCP flags; 0 for UDP, for later fragments and where the capture ends before them. */
  readonly flags = new Uint8Array(CHUNK_PACKETS);
  readonly sequence = new Int32Array(CHUNK_PACKETS);
  readonly acknowledgment = new Int32Array(CHUNK_PACKETS);
  /** Transport payload in bytes, as the headers give it: neither padding nor cut short. */
  readonly payload = new Int32Array(CHUNK_PACKETS);
}
