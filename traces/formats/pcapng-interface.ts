/** Interfaces of a pcapng section and how they count time (draft-ietf-opsawg-pcapng, section 4.2). */

/** One interface. Times are counted in units of 1/unitsPerSecond since offsetSeconds. */
export interface PcapngInterface {
  linkType: number;
  /** Bytes kept of a packet; 0 means all. */
  snaplen: number;
  unitsPerSecond: bigint;
  offsetSeconds: bigint;
  /**
   * Nanoseconds in a unit when that is a whole number and times are plain sums; 0 when each time has
   * to be worked out exactly.
   */
  scale: number;
  /** The trace's origin in whole units, as two 32-bit halves, and the nanoseconds beyond. */
  originHigh: number;
  originLow: number;
  originRest: number;
}

const BILLION = 1_000_000_000n;

/** Microseconds since the epoch, as an interface counts that says nothing. */
export function newInterface(linkType: number, snaplen: number): PcapngInterface {
  const unitsPerSecond = 1_000_000n;
  const time = { unitsPerSecond, offsetSeconds: 0n, scale: 1000 };
  return { linkType, snaplen, ...time, originHigh: 0, originLow: 0, originRest: 0 };
}

/** Sets the resolution from an if_tsresol byte: a power of ten, or of two when the top bit is set. */
export function setResolution(face: PcapngInterface, byte: number): void {
  const power = BigInt(byte & 0x7f);
  face.unitsPerSecond = byte & 0x80 ? 2n ** power : 10n ** power;
  face.scale = BILLION % face.unitsPerSecond === 0n ? Number(BILLION / face.unitsPerSecond) : 0;
}

/** Prepares sums relative to `origin`, nanoseconds since the epoch. */
export function setInterfaceOrigin(face: PcapngInterface, origin: bigint): void {
  if (face.scale === 0) return;
  const scale = BigInt(face.scale);
  const since = origin - face.offsetSeconds * BILLION;
  const rest = ((since % scale) + scale) % scale;
  const units = (since - rest) / scale;
  face.originLow = Number(BigInt.asUintN(32, units));
  face.originHigh = Number(units >> 32n);
  face.originRest = Number(rest);
}

/** Nanoseconds since the epoch of a time stamp, rounded down. */
export function exactTime(face: PcapngInterface, high: number, low: number): bigint {
  const units = (BigInt(high) << 32n) | BigInt(low);
  return (units * BILLION) / face.unitsPerSecond + face.offsetSeconds * BILLION;
}

/** Nanoseconds since `origin`, for which the interface was prepared. */
export function relativeTime(
  face: PcapngInterface,
  high: number,
  low: number,
  origin: bigint,
): number {
  if (face.scale === 0) return Number(exactTime(face, high, low) - origin);
  const units = (high - face.originHigh) * 0x100000000 + (low - face.originLow);
  return units * face.scale - face.originRest;
}
