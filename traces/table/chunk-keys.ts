/** The keys of a chunk of rows, in the form the connection table has them. */
import { CHUNK_PACKETS, type TransportColumns } from "../decode/transport-columns.ts";
import { hashKey } from "./slots.ts";

/** 1 where x < y, both signed, else 0 (Warren, Hacker's Delight, section 2-12). */
const isLess = (x: number, y: number): number => ((x & ~y) | (~(x ^ y) & (x - y))) >>> 31;

/**
 * Both ways of a connection have one key: the end with the smaller address first (as a signed
 * number), with equal addresses the one with the smaller port.
 */
export class ChunkKeys {
  readonly a = new Int32Array(CHUNK_PACKETS);
  readonly b = new Int32Array(CHUNK_PACKETS);
  /** Port of `a` in the upper half, of `b` in the lower. */
  readonly ports = new Int32Array(CHUNK_PACKETS);
  readonly hash = new Int32Array(CHUNK_PACKETS);
  /** Which end sent the packet: 0 for `a`, 1 for `b`. */
  readonly end = new Uint8Array(CHUNK_PACKETS);

  fill(columns: TransportColumns, count: number): void {
    const { kind, source, destination, ports } = columns;
    const { a, b, ports: keyPorts, hash, end } = this;
    for (let row = 0; row < count; row++) {
      const s = source[row];
      const d = destination[row];
      const p = ports[row];
      // Which way a packet goes cannot be foretold: so nothing branches on it, but where both ends
      // have one address, which is all of the capture or nothing of it.
      let x = s;
      let y = d;
      if (s === d) {
        x = p >>> 16;
        y = p & 0xffff;
      }
      const second = isLess(y, x);
      const swap = 0 - second;
      const apart = (s ^ d) & swap;
      const keyPort = p ^ ((p ^ ((p << 16) | (p >>> 16))) & swap);
      end[row] = second;
      a[row] = s ^ apart;
      b[row] = d ^ apart;
      keyPorts[row] = keyPort;
      hash[row] = hashKey(s ^ apart, d ^ apart, keyPort, kind[row]);
    }
  }
}
