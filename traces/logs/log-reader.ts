/** Reads a text log line by line: entries become connections, broken lines are counted. */
import type { ByteWindow } from "../byte-window.ts";
import type { ConnectionColumns } from "../connection.ts";
import type { ConnectionReader } from "../connection-format.ts";
import type { DamageLog } from "../damage-log.ts";
import type { Damage } from "../errors.ts";
import { type Line, readLines } from "./lines.ts";
import { type LogEntry, LogRows, MODELLED } from "./log-rows.ts";

/** Looks at one line and fills `entry`: `none` is a line that says nothing about a request. */
export type LineParser = (text: string, entry: LogEntry) => "entry" | "broken" | "none";

/** An entry to fill again and again. */
export const emptyEntry = (): LogEntry => ({
  seconds: 0,
  client: new Uint32Array(4),
  server: new Uint32Array(4),
  serverPort: 0,
  clientPort: 0,
  requestBytes: 0,
  responseBytes: 0,
  took: null,
});

export class LogReader implements ConnectionReader {
  readonly durations = MODELLED;
  readonly broken: { count: number; first: Damage | null } = { count: 0, first: null };
  private readonly window: ByteWindow;
  private readonly damage: DamageLog;
  private readonly expected: string;
  private readonly parse: LineParser;
  private readonly rows = new LogRows();

  /** `expected` names a good line, for messages about the others. */
  constructor(window: ByteWindow, damage: DamageLog, expected: string, parse: LineParser) {
    this.window = window;
    this.damage = damage;
    this.expected = expected;
    this.parse = parse;
  }

  get origin(): bigint {
    return BigInt(this.rows.originSeconds ?? 0) * 1_000_000_000n;
  }

  async *blocks(): AsyncGenerator<ConnectionColumns> {
    const entry = emptyEntry();
    let number = 0;
    for await (const line of readLines(this.window, this.damage)) {
      number = line.number;
      if (line.text.trim() === "") continue;
      const kind = this.parse(line.text, entry);
      if (kind === "broken") this.count(line);
      if (kind !== "entry") continue;
      if (this.rows.full) yield* this.rows.drain(false);
      this.rows.add(entry);
    }
    const { failure } = this.window;
    if (failure) {
      const { expected, found } = failure;
      const offset = this.window.base + this.window.end;
      this.damage.add({ offset, packet: number + 1, expected, found, skipped: null });
    }
    yield* this.rows.drain(true);
  }

  private count(line: Line): void {
    this.broken.count++;
    this.broken.first ??= {
      file: this.damage.file,
      offset: line.offset,
      packet: line.number,
      expected: this.expected,
      found: JSON.stringify(line.text.slice(0, 60)),
      skipped: line.text.length,
    };
  }
}
