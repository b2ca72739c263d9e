import { setImmediate } from "node:timers/promises";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { FlowTraceWriter } from "../../../traces/flow-trace/writer.ts";
import { createPcapFile } from "../../../traces/pcap-writer.ts";
import { makePackets } from "../../../traces/synthetic/conversations.ts";
import { type Fit, FitReport } from "../../../traces/synthetic/fit.ts";
import type { SyntheticTrace } from "../../../traces/synthetic/profile.ts";
import { PROFILES } from "../../../traces/synthetic/profiles.ts";
import { VERSION } from "../../version.ts";
import { type Command, type OptionValues, type Terminal, UsageError } from "../command.ts";
import { numberOption, stringOption, switchOption } from "../option-values.ts";
import { type Progress, startProgress } from "../progress.ts";

const BLOCK = 65_536;
const ETHERNET = 1;
/** Three years: the time it takes grows with the seconds that pass, whoever comes in them. */
const LONGEST = 1e8;
/** What a connection takes in either kind of file, about: for the progress bar only. */
const FLOW_BYTES = 14;

/** `anypin generate`: a synthetic trace on disk, and how close it came to what was published. */
export const generateCommand: Command = {
  name: "generate",
  summary: "make a synthetic trace: a flow trace or a capture",
  operands: "",
  options: [
    {
      name: "profile",
      value: "NAME",
      default: "olympic96",
      choices: PROFILES.map(({ name }) => name),
      help: "whose traffic it is like",
    },
    { name: "connections", value: "N", help: "how many (default: the profile's own number)" },
    { name: "duration", value: "S", help: "how many seconds the trace lasts" },
    { name: "seed", value: "N", default: "1", help: "chance; the same seed makes the same bytes" },
    { name: "out", value: "FILE", help: "FILE.flows or FILE.pcap (required)" },
    { name: "snaplen", value: "N", default: "65535", help: "bytes kept of each packet (.pcap)" },
    { name: "compress", help: "deflate the blocks of a flow trace" },
  ],
  example: {
    line: "anypin generate --duration 1200 --out morning.flows",
    about: "twenty minutes of the 1996 Olympic web server at its published load",
  },
  async run(operands, options, terminal) {
    if (operands.length > 0) throw new UsageError(`takes no operand; found "${operands[0]}"`);
    const out = stringOption(options, "out");
    if (out === undefined) throw new UsageError("--out FILE.flows or --out FILE.pcap is required");
    if (!/\.(flows|pcap)$/.test(out)) {
      throw new UsageError(`--out: expected a name that ends in .flows or .pcap; found "${out}"`);
    }
    const name = stringOption(options, "profile") ?? "olympic96";
    const profile = PROFILES.find((p) => p.name === name);
    if (!profile) throw new UsageError(`--profile: found "${name}"`);
    const seed = numberOption(options, "seed", { fallback: 1, integer: true });
    const limit = (option: string) =>
      options[option] === undefined
        ? {}
        : { [option === "duration" ? "seconds" : option]: positive(options, option) };
    const trace = profile.create({ seed, ...limit("connections"), ...limit("duration") });
    const progress = startProgress(terminal, "generate", trace.connections * FLOW_BYTES);
    const made = out.endsWith(".pcap")
      ? writePcap(out, trace, seed, options, progress)
      : await writeFlows(out, trace, `profile ${name}, seed ${seed}`, options, progress, terminal);
    progress.done();
    const result = { profile: name, seed, file: out, ...made };
    await terminal.out(
      switchOption(options, "json") ? `${JSON.stringify(result)}\n` : describe(result),
    );
    if (!terminal.interrupted.aborted) return 0;
    terminal.err("anypin generate: interrupted; the file holds what was made until then\n");
    return 3;
  },
};

interface Made {
  connections: number;
  packets: number;
  /** From the first start to the last. */
  seconds: number;
  fit: Fit[];
}

const positive = (options: OptionValues, name: string): number =>
  name === "duration"
    ? numberOption(options, name, { fallback: 0, min: 1, max: LONGEST, unit: "seconds" })
    : numberOption(options, name, { fallback: 0, min: 1, max: 1e12, integer: true });

async function writeFlows(
  path: string,
  trace: SyntheticTrace,
  source: string,
  options: OptionValues,
  progress: Progress,
  terminal: Terminal,
): Promise<Made> {
  const { interrupted } = terminal;
  const info = {
    origin: trace.origin,
    tool: `anypin ${VERSION}`,
    source: [source],
    durations: trace.durations,
  };
  const writer = new FlowTraceWriter(path, info, { compress: switchOption(options, "compress") });
  const tally = new Tally(progress);
  const rows = new ConnectionColumns(BLOCK);
  const made = { response: new Float64Array(BLOCK), retransmitted: new Uint16Array(BLOCK) };
  for (trace.fill(rows, made); rows.count > 0; trace.fill(rows, made)) {
    writer.append(rows);
    tally.add(rows, made);
    // A turn of the event loop, or Ctrl-C is never heard.
    await setImmediate();
    if (interrupted.aborted) break;
  }
  writer.close();
  return tally.result();
}

function writePcap(
  path: string,
  trace: SyntheticTrace,
  seed: number,
  options: OptionValues,
  progress: Progress,
): Made {
  const snaplen = numberOption(options, "snaplen", { fallback: 65_535, min: 54, max: 262_144 });
  const file = createPcapFile(path, {
    linkType: ETHERNET,
    origin: trace.origin,
    snaplen,
    microseconds: true,
  });
  const tally = new Tally(progress);
  makePackets(
    trace,
    seed,
    (time, bytes, length) => file.writer.write(time, bytes, 0, length),
    (rows, made) => tally.add(rows, made),
  );
  file.close();
  return tally.result();
}

/** Sums what went by. */
class Tally {
  private readonly progress: Progress;
  private readonly fit = new FitReport();
  private connections = 0;
  private packets = 0;
  private last = 0;

  constructor(progress: Progress) {
    this.progress = progress;
  }

  add(rows: ConnectionColumns, made: { response: Float64Array }): void {
    this.fit.add(rows, made);
    this.connections += rows.count;
    this.last = rows.start[rows.count - 1];
    for (let i = 0; i < rows.count; i++)
      this.packets += rows.clientPackets[i] + rows.serverPackets[i];
    this.progress.update(this.connections * FLOW_BYTES);
  }

  result(): Made {
    const { connections, packets, last } = this;
    return { connections, packets, seconds: last / 1e9, fit: this.fit.result() };
  }
}

function describe(made: Made & { profile: string; seed: number; file: string }): string {
  const count = (n: number) => n.toLocaleString("en-US");
  const lines = [
    `${made.file}: ${count(made.connections)} connections, ${count(made.packets)} packets, ` +
      `${made.seconds.toFixed(1)} s (profile ${made.profile}, seed ${made.seed})`,
    "distance to the published curve (Kolmogorov-Smirnov, 0 is the same):",
    ...made.fit.map(
      ({ what, distance, samples }) =>
        `  ${what.padEnd(20)} ${distance.toFixed(4)}  over ${count(samples)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
