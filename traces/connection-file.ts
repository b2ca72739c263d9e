/** Files of connections: flow traces and logs, told by content, read like a capture. */
import { ByteWindow } from "./byte-window.ts";
import type { ConnectionColumns } from "./connection.ts";
import type { ConnectionFormat, ConnectionReader } from "./connection-format.ts";
import { DamageLog } from "./damage-log.ts";
import { flowTrace } from "./flow-trace/reader.ts";
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

  /** Takes over `source`, whose beginning `format` has recognised; `name` is for messages. */
  constructor(name: string, source: ByteSource, format: ConnectionFormat) {
    this.name = name;
    this.format = format.name;
    this.source = source;
    this.damage = new DamageLog(name);
    this.reader = format.open(new ByteWindow(source), this.damage);
  }

  /** Connections in order of start; each block is overwritten by the next. */
  async *blocks(signal?: AbortSignal): AsyncGenerator<ConnectionColumns> {
    try {
      for await (const rows of this.reader.blocks()) {
        if (signal?.aborted) return;
        yield rows;
      }
    } finally {
      this.source.close();
    }
  }
}
