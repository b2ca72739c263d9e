/** Captures byte by byte, in either byte order, for tests. */

export interface TestPacket {
  seconds: number;
  fraction: number;
  data: Uint8Array;
  wire?: number;
  /** Interface, in pcapng. */
  face?: number;
}

/** Writes numbers of one byte order. */
export class Bytes {
  readonly #little: boolean;
  readonly #parts: Buffer[] = [];

  constructor(little: boolean) {
    this.#little = little;
  }

  u16(value: number): this {
    const part = Buffer.alloc(2);
    if (this.#little) part.writeUInt16LE(value);
    else part.writeUInt16BE(value);
    return this.raw(part);
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const part = Buffer.alloc(4);
      if (this.#little) part.writeUInt32LE(value >>> 0);
      else part.writeUInt32BE(value >>> 0);
      this.raw(part);
    }
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

export interface PcapShapeOptions {
  little?: boolean;
  magic?: number;
  minor?: number;
  snaplen?: number;
  linkType?: number;
}

/** A classic capture's 24 bytes. */
export function pcapHeader(options: PcapShapeOptions = {}): Buffer {
  const { little = true, magic = 0xa1b2c3d4, minor = 4, snaplen = 65535, linkType = 1 } = options;
  return new Bytes(little).u32(magic).u16(2).u16(minor).u32(0, 0, snaplen, linkType).done();
}

/** One record of it. */
export function pcapRecord(packet: TestPacket, options: PcapShapeOptions = {}): Buffer {
  const { little = true, magic = 0xa1b2c3d4, minor = 4 } = options;
  const { seconds, fraction, data, wire = data.length } = packet;
  const lengths = minor < 3 ? [wire, data.length] : [data.length, wire];
  const bytes = new Bytes(little).u32(seconds, fraction, ...lengths);
  if (magic === 0xa1b2cd34) bytes.u32(2).u16(0x0800).u16(0);
  return bytes.raw(data).done();
}

/** A whole classic capture. */
export const pcapBytes = (packets: readonly TestPacket[], options: PcapShapeOptions = {}): Buffer =>
  Buffer.concat([pcapHeader(options), ...packets.map((packet) => pcapRecord(packet, options))]);

/** A pcapng block: `body` is padded to 32 bits and framed. */
export function block(type: number, body: Uint8Array, little = true): Buffer {
  const padding = Buffer.alloc(-body.length & 3);
  const total = 12 + body.length + padding.length;
  return new Bytes(little).u32(type, total).raw(body).raw(padding).u32(total).done();
}

export const sectionBlock = (little = true): Buffer =>
  block(
    0x0a0d0d0a,
    new Bytes(little).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff, 0xffffffff).done(),
    little,
  );

export interface FaceOptions {
  linkType?: number;
  snaplen?: number;
  /** The if_tsresol byte. */
  resolution?: number;
  offsetSeconds?: bigint;
}

export function interfaceBlock(face: FaceOptions = {}, little = true): Buffer {
  const { linkType = 1, snaplen = 0, resolution, offsetSeconds } = face;
  const body = new Bytes(little).u16(linkType).u16(0).u32(snaplen);
  if (resolution !== undefined)
    body
      .u16(9)
      .u16(1)
      .raw(Uint8Array.of(resolution, 0, 0, 0));
  if (offsetSeconds !== undefined) {
    const value = Buffer.alloc(8);
    if (little) value.writeBigInt64LE(offsetSeconds);
    else value.writeBigInt64BE(offsetSeconds);
    body.u16(14).u16(8).raw(value);
  }
  if (resolution !== undefined || offsetSeconds !== undefined) body.u16(0).u16(0);
  return block(1, body.done(), little);
}

/** An enhanced packet block at `units` of its interface's clock. */
export function packetBlock(
  units: bigint,
  data: Uint8Array,
  { face = 0, wire = data.length, little = true } = {},
): Buffer {
  const body = new Bytes(little).u32(face, Number(units >> 32n), Number(units & 0xffffffffn));
  return block(6, body.u32(data.length, wire).raw(data).done(), little);
}

/** An obsolete packet block. */
export function oldPacketBlock(units: bigint, data: Uint8Array, little = true): Buffer {
  const body = new Bytes(little).u16(0).u16(7);
  body.u32(Number(units >> 32n), Number(units & 0xffffffffn), data.length, data.length);
  return block(2, body.raw(data).done(), little);
}

/** A simple packet block: of `wire` bytes, those in `data` were kept. */
export const simpleBlock = (data: Uint8Array, wire = data.length, little = true): Buffer =>
  block(3, new Bytes(little).u32(wire).raw(data).done(), little);
