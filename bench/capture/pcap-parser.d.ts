/** What is used of pcap-parser, which ships no types. */
declare module "pcap-parser" {
  import type { EventEmitter } from "node:events";

  export interface Packet {
    header: {
      timestampSeconds: number;
      timestampMicroseconds: number;
      capturedLength: number;
      originalLength: number;
    };
    data: Buffer;
  }

  /** Emits `packet` with a `Packet`, then `end`; `error` for a file it does not know. */
  export function parse(input: string | NodeJS.ReadableStream): EventEmitter;
}
