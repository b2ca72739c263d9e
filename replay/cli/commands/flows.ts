import { ENDS_ALONE } from "../../../traces/activity.ts";
import type { ConnectionColumns } from "../../../traces/connection.ts";
import type { ReplayTrace } from "../../run.ts";
import { type Command, type Terminal, UsageError } from "../command.ts";
import { stringOption, switchOption } from "../option-values.ts";
import { openInput, type TraceInput, warnOfDamage } from "../trace-input.ts";
import { CAPTURE_OPTIONS } from "../trace-options.ts";

/** A place that takes connections as they end. */
interface Output {
  add(closed: ConnectionColumns): Promise<void> | void;
  end(): Promise<void> | void;
}

/**
 * Hands every connection to the outputs, block by block as their ends become known. A function of
 * its own, because a loop that runs long is compiled with all of the function around it.
 */
async function handOn(trace: ReplayTrace, outputs: readonly Output[]): Promise<void> {
  const add = async (closed: ConnectionColumns) => {
    for (const output of outputs) await output.add(closed);
  };
  if (trace.kind === "connections") for await (const block of trace.blocks) await add(block);
  else for await (const { closed } of trace.activities(ENDS_ALONE)) await add(closed);
  for (const output of outputs) await output.end();
}

async function csvOutput(name: string, origin: () => bigint, terminal: Terminal): Promise<Output> {
  const { ConnectionListing } = await import("../../../traces/listing/connection-listing.ts");
  const { CSV_HEADER, CSV_LINES } = await import("../../../traces/listing/line-style.ts");
  if (name === "-") {
    await terminal.out(CSV_HEADER);
    return new ConnectionListing(CSV_LINES, origin, (bytes) => terminal.out(bytes));
  }
  const { OutputFile } = await import("../../../traces/output-file.ts");
  const file = new OutputFile(name);
  file.write(Buffer.from(CSV_HEADER));
  const listing = new ConnectionListing(CSV_LINES, origin, (bytes) => file.write(bytes));
  return {
    add: (closed) => listing.add(closed),
    async end() {
      await listing.end();
      file.close();
    },
  };
}

async function jsonOutput(origin: () => bigint, terminal: Terminal): Promise<Output> {
  const { ConnectionListing } = await import("../../../traces/listing/connection-listing.ts");
  const { JSON_LINES } = await import("../../../traces/listing/line-style.ts");
  return new ConnectionListing(JSON_LINES, origin, (bytes) => terminal.out(bytes));
}

/** A file that takes connections in order of start, a block at a time. */
interface BlockWriter {
  append(rows: ConnectionColumns): void;
  close(): void;
}

/** Puts connections in order for a file that is begun once the trace's origin is known. */
async function blockOutput(begin: () => BlockWriter): Promise<Output> {
  const { OrderedColumns } = await import("../../../traces/listing/ordered-columns.ts");
  const ordered = new OrderedColumns();
  let writer: BlockWriter | null = null;
  const write = (blocks: Iterable<ConnectionColumns>) => {
    for (const rows of blocks) {
      writer ??= begin();
      writer.append(rows);
    }
  };
  return {
    add: (closed) => write(ordered.add(closed)),
    end() {
      write(ordered.end());
      (writer ?? begin()).close();
    },
  };
}

/** The connections in sum, as a table on stdout. */
async function tableOutput({ trace }: TraceInput, terminal: Terminal): Promise<Output> {
  const { FlowSummary } = await import("../../flow-summary.ts");
  const { flowTable } = await import("../../report/flow-table.ts");
  const summary = new FlowSummary();
  return {
    add: (closed) => summary.add(closed),
    end: () => terminal.out(flowTable({ ...trace.facts(), ...summary.facts() })),
  };
}

/** `anypin flows`: every TCP connection and UDP flow, in order of start. */
export const flowsCommand: Command = {
  name: "flows",
  summary: "list the TCP connections and UDP flows of captures",
  operands: "CAPTURE…",
  options: [
    { name: "csv", value: "FILE", help: "write one line a connection there, '-' being stdout" },
    { name: "out", value: "FILE.flows", help: "write a flow trace, which every command reads" },
    { name: "parquet", value: "FILE", help: "write a Parquet file, for DuckDB, pandas…" },
    ...CAPTURE_OPTIONS,
  ],
  example: {
    line: "anypin flows web.pcap.gz --service 192.0.2.10:443 --csv web.csv",
    about: "every connection to one service, with its times, bytes and packets each way",
  },
  async run(operands, options, terminal) {
    const csv = stringOption(options, "csv");
    const json = switchOption(options, "json");
    if (json && csv === "-") throw new UsageError("--json and --csv - both write to stdout");
    const out = stringOption(options, "out");
    const parquet = stringOption(options, "parquet");
    const files = [
      ["--csv", csv === "-" ? undefined : csv],
      ["--out", out],
      ["--parquet", parquet],
    ] as const;
    if (files.some(([, path]) => path !== undefined)) {
      const { distinctOutputs, probeOutput } = await import("../outputs.ts");
      distinctOutputs(operands, files);
      // They are begun with the first connection, which may come late.
      for (const path of [out, parquet]) if (path !== undefined) probeOutput(path);
    }
    const input = await openInput(operands, options, terminal);
    const outputs: Output[] = [];
    if (csv !== undefined) outputs.push(await csvOutput(csv, input.origin, terminal));
    if (json) outputs.push(await jsonOutput(input.origin, terminal));
    if (out !== undefined) {
      const { VERSION } = await import("../../version.ts");
      const info = () => ({
        origin: input.origin(),
        tool: `anypin ${VERSION}`,
        source: operands,
        durations: input.trace.facts().durations,
      });
      const { FlowTraceWriter } = await import("../../../traces/flow-trace/writer.ts");
      outputs.push(await blockOutput(() => new FlowTraceWriter(out, info())));
    }
    if (parquet !== undefined) {
      const { parquetWriters } = await import("../../../traces/parquet.ts");
      const begin = await parquetWriters();
      outputs.push(await blockOutput(() => begin(parquet, input.origin())));
    }
    if (outputs.length === 0) outputs.push(await tableOutput(input, terminal));
    await handOn(input.trace, outputs);
    if (!switchOption(options, "quiet")) warnOfDamage(input, "flows", terminal);
    return input.trace.facts().truncated ? 3 : 0;
  },
};
