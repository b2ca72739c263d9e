/** Captures and flow traces as commands read them: options, progress, warnings, Ctrl-C. */
import type { Activity } from "../../traces/activity.ts";
import { type ConnectionOptions, ConnectionTracker } from "../../traces/connections.ts";
import { type Damage, describeDamage } from "../../traces/errors.ts";
import { FlowTraceReader, isFlowTrace } from "../../traces/flow-trace/reader.ts";
import { openTrace } from "../../traces/open.ts";
import { parseServices, type ServiceFilter } from "../../traces/service.ts";
import { openSource } from "../../traces/sources/open-source.ts";
import type { ByteSource } from "../../traces/sources/source.ts";
import type { ReplayTrace } from "../run.ts";
import { type OptionSpec, type OptionValues, type Terminal, UsageError } from "./command.ts";
import { listOption, numberOption, switchOption } from "./option-values.ts";
import { type Progress, startProgress } from "./progress.ts";

/** Options of every command that follows connections in captures. */
export const CAPTURE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "service",
    value: "HOST[:PORT]",
    repeatable: true,
    help: "follow only this service; a prefix, [v6]:port or :port will do",
  },
  {
    name: "idle",
    value: "S",
    default: "300 TCP, 60 UDP",
    help: "seconds without a packet that end a connection",
  },
  { name: "tunnels", help: "look into IP-in-IP, GRE, VXLAN and 6in4" },
];

/** How connections are to be followed, from `CAPTURE_OPTIONS`. */
export function connectionOptions(options: OptionValues): ConnectionOptions {
  const idle = numberOption(options, "idle", { fallback: 0, min: 1e-6, max: 1e9, unit: "seconds" });
  return {
    idleSeconds: idle > 0 ? idle : undefined,
    service: services(listOption(options, "service")),
    tunnels: switchOption(options, "tunnels"),
  };
}

function services(texts: readonly string[]): ServiceFilter | null {
  try {
    return parseServices(texts);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--service: ${error.message}`);
    throw error;
  }
}

/** A trace that is being read, and what to say once it has been. */
export interface TraceInput {
  trace: ReplayTrace;
  /** Nanoseconds since the Unix epoch that the trace's times count from; known once it is read from. */
  origin(): bigint;
  /** What was wrong with it, known when it has been read. */
  damage(): { shown: readonly Damage[]; count: number };
}

/**
 * Opens what a command names: captures, or one flow trace. Reading shows progress and stops at
 * Ctrl-C as if the input ended there.
 * @throws {TraceError} when one cannot be opened
 */
export async function openInput(
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<TraceInput> {
  if (names.length === 0) throw new UsageError("needs a capture to read ('-' for standard input)");
  const following = connectionOptions(options);
  const flows = await flowTraceAmong(names);
  if (flows === null) return openCaptures(names, following, options, terminal);
  if (names.length > 1) {
    throw new UsageError(`${flows} is a flow trace, which cannot be read together with others`);
  }
  for (const name of ["service", "idle", "tunnels"]) {
    if (options[name] !== undefined) {
      throw new UsageError(`--${name} is for captures; ${flows} is a flow trace`);
    }
  }
  return openFlows(flows, options, terminal);
}

const progressOf = (
  names: readonly string[],
  size: number | null,
  options: OptionValues,
  terminal: Terminal,
): Progress => {
  const label = names.length === 1 ? names[0] : `${names.length} files`;
  const quiet = {
    ...terminal,
    interactive: terminal.interactive && !switchOption(options, "quiet"),
  };
  return startProgress(quiet, label, size);
};

/** First and last of times that may be out of order. */
class TimeSpan {
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;

  take(times: Float64Array, count: number): void {
    let { first, last } = this;
    for (let i = 0; i < count; i++) {
      const time = times[i];
      if (time < first) first = time;
      if (time > last) last = time;
    }
    this.first = first;
    this.last = last;
  }
}

async function openCaptures(
  names: readonly string[],
  following: ConnectionOptions,
  options: OptionValues,
  terminal: Terminal,
): Promise<TraceInput> {
  const capture = await openTrace(names, { signal: terminal.interrupted });
  const tracker = new ConnectionTracker(following);
  const progress = progressOf(names, capture.size, options, terminal);
  const span = new TimeSpan();
  async function* activities(): AsyncGenerator<Activity> {
    try {
      for await (const batch of capture) {
        progress.update(capture.bytesRead);
        span.take(batch.time, batch.count);
        yield tracker.follow(batch);
      }
      yield* tracker.end();
    } finally {
      progress.done();
    }
  }
  return {
    trace: {
      kind: "capture",
      activities: activities(),
      facts: () => ({
        files: capture.files,
        format: capture.format,
        packets: capture.packets,
        origin: capture.packets > 0 ? capture.origin + BigInt(Math.floor(span.first)) : null,
        durationNs: capture.packets > 0 ? span.last - span.first : 0,
        truncated: capture.truncated,
        skipped: tracker.skipped,
      }),
    },
    origin: () => capture.origin,
    damage: () => ({ shown: capture.damage, count: capture.faults }),
  };
}

const CHUNK = 1 << 20;

/** The first of the names that is a flow trace, or null. Standard input is taken for a capture. */
async function flowTraceAmong(names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    if (name === "-") continue;
    const source = await openSource(name);
    // Only a file can be looked into without taking its first bytes from whoever reads it next.
    const head = new Uint8Array(8);
    const length = source.reopenable ? await source.read(head, 0, head.length) : 0;
    source.close();
    if (isFlowTrace(head.subarray(0, length))) return name;
  }
  return null;
}

async function* chunksOf(source: ByteSource, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  while (!signal.aborted) {
    const chunk = new Uint8Array(CHUNK);
    const length = await source.read(chunk, 0, CHUNK);
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}

async function openFlows(
  name: string,
  options: OptionValues,
  terminal: Terminal,
): Promise<TraceInput> {
  const { interrupted } = terminal;
  const source = await openSource(name, interrupted);
  const reader = new FlowTraceReader(name, chunksOf(source, interrupted));
  const progress = progressOf([name], source.size, options, terminal);
  let packets = 0;
  async function* blocks() {
    try {
      for await (const block of reader.blocks()) {
        progress.update(source.taken);
        for (let i = 0; i < block.count; i++) {
          packets += block.clientPackets[i] + block.serverPackets[i];
        }
        yield block;
      }
    } finally {
      progress.done();
      source.close();
    }
  }
  return {
    trace: {
      kind: "connections",
      blocks: blocks(),
      facts: () => ({
        files: [name],
        format: "flows",
        packets,
        origin: reader.info?.origin ?? null,
        durationNs: null,
        truncated: reader.damage.length > 0 || interrupted.aborted,
        skipped: {},
      }),
    },
    origin: () => reader.info?.origin ?? 0n,
    damage: () => ({ shown: reader.damage, count: reader.damage.length }),
  };
}

/** How many faults are described one by one. */
const MOST_SHOWN = 10;

/** Says what was wrong with an input, at most ten places of it. */
export function warnOfDamage(input: TraceInput, command: string, terminal: Terminal): void {
  const { shown, count } = input.damage();
  for (const damage of shown.slice(0, MOST_SHOWN)) {
    terminal.err(`anypin ${command}: ${describeDamage(damage)}\n`);
  }
  const more = count - Math.min(MOST_SHOWN, shown.length);
  if (more > 0) terminal.err(`anypin ${command}: and ${more} more such places\n`);
  if (terminal.interrupted.aborted) {
    terminal.err(`anypin ${command}: interrupted; this is what was read until then\n`);
  }
}
