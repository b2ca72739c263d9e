/** Files of connections: flow traces and logs, told by content, read like a capture. */
import { ByteWindow } from "./byte-window.ts";
import { clip, type Piece } from "./clip.ts";
import type { ConnectionColumns } from "./connection.ts";
import type { ConnectionFormat, ConnectionReader } from "./connection-format.ts";
import { DamageLog } from "./damage-log.ts";
import { IndexedFlowTrace } from "./flow-trace/indexed.ts";
import { FlowTraceReader, flowTrace } from "./flow-trace/reader.ts";
import { commonLog } from "./logs/common-log.ts";
import { w3cLog } from "./logs/w3c-log.ts";
import { worldcup98Log } from "./logs/worldcup98-log.ts";
import type { ByteSource } from "./sources/source.ts";

/** Every format of connections, tried in this order: the last has no magic of its own. */
export const CONNECTION_FORMATS: readonly ConnectionFormat[] = [
  flowTrace,
  w3cLog,
  commonLog,
  worldcup98Log,
];

/** The format of a file that begins like this, or null. */
export const connectionFormat = (head: Uint8Array): ConnectionFormat | null =>
  CONNECTION_FORMATS.find((format) => format.recognise(head)) ?? null;

export class ConnectionFile {
  readonly name: string;
  readonly format: string;
  readonly damage: DamageLog;
  readonly source: ByteSource;
  readonly reader: ConnectionReader;
  #indexed: IndexedFlowTrace | null = null;

  /** Takes over `source`, whose beginning `format` has recognised; `name` is for messages. */
  constructor(name: string, source: ByteSource, format: ConnectionFormat) {
    this.name = name;
    this.format = format.name;
    this.source = source;
    this.damage = new DamageLog(name);
    this.reader = format.open(new ByteWindow(source), this.damage);
  }

  /** Nanoseconds since 1970 of time 0; known with the first block. */
  get origin(): bigint {
    return this.#indexed?.origin ?? this.reader.origin;
  }

  /** How durations came about. */
  get durations(): string {
    return this.#indexed?.durations ?? this.reader.durations;
  }

  /** Connections in order of start, of `period` alone if given; each block is overwritten by the next. */
  async *blocks(signal?: AbortSignal, period?: Period): AsyncGenerator<ConnectionColumns> {
    try {
      const blocks = period ? this.#within(period) : this.reader.blocks();
      for await (const rows of blocks) {
        if (signal?.aborted) return;
        yield rows;
      }
    } finally {
      this.source.close();
      this.#indexed?.close();
    }
  }

  /** Of a flow trace on disk only the blocks that matter are read; anything else is read through. */
  async *#within(period: Period): AsyncGenerator<ConnectionColumns> {
    const seekable = this.reader instanceof FlowTraceReader && this.source.reopenable;
    this.#indexed = seekable ? IndexedFlowTrace.open(this.name) : null;
    if (this.#indexed) {
      const piece = pieceOf(period, this.#indexed.origin);
      yield* clip(this.#indexed.blocks(piece, this.damage), piece);
      return;
    }
    const blocks = this.reader.blocks();
    const first = await blocks.next();
    if (first.done) return;
    yield* clip(following(first.value, blocks), pieceOf(period, this.reader.origin));
  }
}

/** From when to when, in nanoseconds since 1970; null leaves a side open. */
export interface Period {
  from: bigint | null;
  to: bigint | null;
}

const pieceOf = ({ from, to }: Period, origin: bigint): Piece => ({
  from: from === null ? Number.NEGATIVE_INFINITY : Number(from - origin),
  to: to === null ? Number.POSITIVE_INFINITY : Number(to - origin),
});

async function* following(
  first: ConnectionColumns,
  rest: AsyncIterable<ConnectionColumns>,
): AsyncGenerator<ConnectionColumns> {
  yield first;
  yield* rest;
}
