/** The keys of a chunk of rows, in the form the connection table has them. */
import { CHUNK_PACKETS, type TransportColumns } from "../decode/transport-columns.ts";
import { hashKey } from "./slots.ts";

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
      if (s < d || (s === d && p >>> 16 <= (p & 0xffff))) {
        end[row] = 0;
        a[row] = s;
        b[row] = d;
        keyPorts[row] = p;
        hash[row] = hashKey(s, d, p, kind[row]);
      } else {
        const swapped = (p << 16) | (p >>> 16);
        end[row] = 1;
        a[row] = d;
        b[row] = s;
        keyPorts[row] = swapped;
        hash[row] = hashKey(d, s, swapped, kind[row]);
      }
    }
  }
}
