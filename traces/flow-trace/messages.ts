/**
 * The generated protobuf code (`npm run proto`), with the types its callers need. Decoding hands
 * out `bytes` fields as views of the frame they came in, without copying.
 */
import { anypin } from "./gen/flow-trace.js";

/** Layout this code writes, and the only one it reads. */
export const FLOW_TRACE_VERSION = 1;

export type Header = ReturnType<typeof anypin.Header.decode>;
export type Block = ReturnType<typeof anypin.Block.decode>;
export type Index = ReturnType<typeof anypin.Index.decode>;

/** What can be known of a block without unpacking it; see flow-trace.proto for units. */
export interface BlockSummary {
  rows: number;
  firstId: number;
  firstStart: number;
  lastStart: number;
  lastEnd: number;
  payloadBytes: number;
  packets: number;
  midstream: number;
  backstep: number;
}

/** Where messages are encoded; it keeps its memory for the next one. */
export interface MessageWriter {
  /** What has been encoded since the last `reset`, good until the next one. */
  finish(shared: true): Uint8Array;
  reset(): MessageWriter;
}

/** Every message can be encoded from its fields and decoded from a frame's payload. */
export interface Codec<Message> {
  /** Appends the message to `writer`, a new one if none is given, and returns that. */
  encode(fields: Partial<Message>, writer?: MessageWriter): MessageWriter;
  /** Throws when the bytes are not such a message; nothing is allocated beyond their length. */
  decode(payload: Uint8Array): Message;
}

export const headerMessage = anypin.Header as unknown as Codec<Header>;
export const blockMessage = anypin.Block as unknown as Codec<Block>;
export const indexMessage = anypin.Index as unknown as Codec<Index>;
