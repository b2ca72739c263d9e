/**
 * Connections as a Parquet file, for DuckDB, pandas and the like. The columns are those of
 * `anypin flows --csv`; starts are UTC timestamps in nanoseconds, durations seconds.
 */
import type { ParquetWriter, SchemaElement } from "hyparquet-writer";
import { formatWords } from "../stack/wire/address.ts";
import {
  CLOSE_NAMES,
  CONNECTION_MIDSTREAM,
  type ConnectionColumns,
  protocolName,
} from "./connection.ts";
import { naming } from "./output-file.ts";

/** Rows that are one row group: enough to compress well, few enough to hold. */
const ROW_GROUP = 65_536;

type Physical = "INT32" | "INT64" | "DOUBLE" | "BOOLEAN" | "BYTE_ARRAY";

const element = (
  name: string,
  type: Physical,
  extra: Partial<SchemaElement> = {},
): SchemaElement => ({
  name,
  type,
  repetition_type: "REQUIRED",
  ...extra,
});
const text = (name: string) => element(name, "BYTE_ARRAY", { converted_type: "UTF8" });

const SCHEMA: SchemaElement[] = [
  { name: "connections", num_children: 13 },
  text("client"),
  element("clientPort", "INT32"),
  text("server"),
  element("serverPort", "INT32"),
  text("protocol"),
  element("start", "INT64", {
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" },
  }),
  element("duration", "DOUBLE"),
  element("clientBytes", "INT64"),
  element("serverBytes", "INT64"),
  element("clientPackets", "INT64"),
  element("serverPackets", "INT64"),
  text("close"),
  element("midstream", "BOOLEAN"),
];

/**
 * What begins a Parquet file at a path, whose times count from `origin`, in nanoseconds since 1970:
 * to be had once the library is loaded.
 */
export async function parquetWriters() {
  const library = await import("hyparquet-writer");
  return (path: string, origin: bigint) => {
    const writer = library.fileWriter(path);
    const parquet = new library.ParquetWriter({ writer, schema: SCHEMA, createdBy: "anypin" });
    return new ParquetTraceWriter(path, origin, parquet);
  };
}

/** Writes connections as they come, a row group a block; `close` writes the footer. */
class ParquetTraceWriter {
  private readonly path: string;
  private readonly origin: bigint;
  private readonly parquet: ParquetWriter;

  /** `origin` is what times count from, in nanoseconds since 1970. */
  constructor(path: string, origin: bigint, parquet: ParquetWriter) {
    this.path = path;
    this.origin = origin;
    this.parquet = parquet;
  }

  append(rows: ConnectionColumns): void {
    if (rows.count === 0) return;
    const { count } = rows;
    const each = <T>(value: (row: number) => T): T[] =>
      Array.from({ length: count }, (_, i) => value(i));
    const whole = (column: Float64Array) => BigInt64Array.from(each((i) => BigInt(column[i])));
    const address = (words: Uint32Array) =>
      each((i) => formatWords(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]));
    const columns: Record<string, ArrayLike<unknown>> = {
      client: address(rows.client),
      clientPort: Int32Array.from(rows.clientPort.subarray(0, count)),
      server: address(rows.server),
      serverPort: Int32Array.from(rows.serverPort.subarray(0, count)),
      protocol: each((i) => protocolName(rows.protocol[i])),
      start: BigInt64Array.from(each((i) => this.origin + BigInt(rows.start[i]))),
      duration: each((i) => rows.duration[i] / 1e9),
      clientBytes: whole(rows.clientBytes),
      serverBytes: whole(rows.serverBytes),
      clientPackets: whole(rows.clientPackets),
      serverPackets: whole(rows.serverPackets),
      close: each((i) => CLOSE_NAMES[rows.close[i]]),
      midstream: each((i) => (rows.flags[i] & CONNECTION_MIDSTREAM) !== 0),
    };
    const columnData = Object.entries(columns).map(([name, data]) => ({
      name,
      data: data as never,
    }));
    naming(this.path, () => this.parquet.write({ columnData, rowGroupSize: ROW_GROUP }));
  }

  close(): void {
    naming(this.path, () => this.parquet.finish());
  }
}
