/** Captures and flow traces as commands read them: options, progress, warnings, Ctrl-C. */
import type { Activity, Telling } from "../../traces/activity.ts";
import type { ConnectionFile, Period } from "../../traces/connection-file.ts";
import type { ConnectionOptions } from "../../traces/connections.ts";
import { type Damage, describeDamage } from "../../traces/errors.ts";
import { followCaptures } from "../../traces/followed-capture.ts";
import { captureFormat } from "../../traces/formats/registry.ts";
import { openSource } from "../../traces/sources/open-source.ts";
import { type ByteSource, PeekedSource } from "../../traces/sources/source.ts";
import type { ReplayTrace } from "../run.ts";
import { threadsFor } from "./ahead.ts";
import { type OptionValues, type Terminal, UsageError } from "./command.ts";
import { switchOption } from "./option-values.ts";
import type { Progress } from "./progress.ts";
import { connectionOptions, periodOf, threadsOf } from "./trace-options.ts";

/** Bytes that tell what a file of connections is: a log's first line may be long. */
const CONNECTION_HEAD_BYTES = 4096;

/** So many captures stay open until their turn comes; a process may have no more than 256 files. */
const MOST_HELD = 64;

/** A trace that is being read, and what to say once it has been. */
export interface TraceInput {
  trace: ReplayTrace;
  /** Nanoseconds since the Unix epoch that the trace's times count from; known once it is read from. */
  origin(): bigint;
  /** Whether all of it has been read; false where that is not known yet. */
  readAll(): boolean;
  /** What was wrong with it, known when it has been read. */
  damage(): { shown: readonly Damage[]; count: number };
  /** What else is to be said of it, a line each. */
  notes?(): readonly string[];
}

/** Refuses a command line without an input, or with one that can be read only once twice. */
export function checkNames(names: readonly string[]): void {
  if (names.length === 0) throw new UsageError("needs a capture to read ('-' for standard input)");
  if (names.indexOf("-") !== names.lastIndexOf("-")) {
    throw new UsageError("standard input can be read once; found '-' twice");
  }
}

/**
 * Opens what a command names: captures, or files of connections. Reading shows progress and stops at
 * Ctrl-C as if the input ended there.
 * @throws {TraceError} when one cannot be opened
 */
export async function openInput(
  names: readonly string[],
  options: OptionValues,
  terminal: Terminal,
): Promise<TraceInput> {
  checkNames(names);
  const following = await connectionOptions(options);
  const period = periodOf(options);
  const sources: (ByteSource | undefined)[] = [];
  let bytes = 0;
  const connections: ConnectionFile[] = [];
  for (const name of names) {
    const opened = await openSource(name, terminal.interrupted);
    const { head, source } = await PeekedSource.peek(opened, CONNECTION_HEAD_BYTES);
    const file = captureFormat(head) ? null : await connectionFile(name, head, source);
    if (file) connections.push(file);
    else {
      bytes += source.size ?? 0;
      const held = sources.length < MOST_HELD || !source.reopenable;
      if (!held) source.close();
      sources.push(held ? source : undefined);
    }
  }
  if (connections.length === 0 && period) {
    throw new UsageError("--from and --to are for flow traces and logs, not for captures");
  }
  if (connections.length === 0)
    return openCaptures(names, sources, bytes, following, options, terminal);
  const [{ name, format }] = connections;
  if (sources.length > 0) {
    throw new UsageError(`${name} (${format}) cannot be read together with captures`);
  }
  for (const option of ["service", "idle", "tunnels"]) {
    if (options[option] !== undefined) {
      throw new UsageError(`--${option} is for captures; ${name} is of format ${format}`);
    }
  }
  return openConnections(names, connections, period, options, terminal);
}

/** A file that begins with `head` as one of connections, if it is one; few runs need to know how. */
async function connectionFile(
  name: string,
  head: Uint8Array,
  source: ByteSource,
): Promise<ConnectionFile | null> {
  const { ConnectionFile, connectionFormat } = await import("../../traces/connection-file.ts");
  const format = connectionFormat(head);
  return format && new ConnectionFile(name, source, format);
}

/** Progress over the `size` bytes of an input; null where nobody could see it. */
async function progressOf(
  names: readonly string[],
  size: number | null,
  options: OptionValues,
  terminal: Terminal,
): Promise<Progress | null> {
  if (!terminal.interactive || switchOption(options, "quiet")) return null;
  const { startProgress } = await import("./progress.ts");
  return startProgress(terminal, names.length === 1 ? names[0] : `${names.length} files`, size);
}

async function openCaptures(
  names: readonly string[],
  sources: readonly (ByteSource | undefined)[],
  bytes: number,
  following: ConnectionOptions,
  options: OptionValues,
  terminal: Terminal,
): Promise<TraceInput> {
  const told = options.threads === undefined ? null : threadsOf(options);
  const threads = threadsFor(bytes, told);
  const { interrupted: signal } = terminal;
  const capture = await followCaptures(names, following, { signal, sources, threads });
  const { size } = capture.facts();
  const progress = await progressOf(names, size, options, terminal);
  let ended = false;
  async function* activities(telling: Telling): AsyncGenerator<Activity> {
    try {
      for await (const activity of capture.activities(telling)) {
        progress?.update(capture.bytesRead);
        yield activity;
      }
    } finally {
      ended = true;
      progress?.done();
    }
  }
  return {
    trace: {
      kind: "capture",
      memory: capture.memory,
      activities,
      facts: () => {
        const { format, packets, origin, first, last, truncated, skipped } = capture.facts();
        return {
          files: names,
          format,
          packets,
          origin: packets > 0 ? origin + BigInt(Math.floor(first)) : null,
          durationNs: packets > 0 ? last - first : 0,
          truncated,
          skipped,
          durations: "recorded",
        };
      },
    },
    origin: () => capture.facts().origin,
    readAll: () => ended || (size !== null && capture.bytesRead >= size),
    damage: () => ({ shown: capture.facts().damage, count: capture.facts().faults }),
  };
}

async function openConnections(
  names: readonly string[],
  files: readonly ConnectionFile[],
  period: Period | undefined,
  options: OptionValues,
  terminal: Terminal,
): Promise<TraceInput> {
  const { dropTableProgram } = await import("../../traces/threads/table-program.ts");
  await dropTableProgram();
  const { ConnectionTrace } = await import("../../traces/connection-trace.ts");
  const trace = new ConnectionTrace(files, terminal.interrupted, period);
  const progress = await progressOf(names, trace.size, options, terminal);
  let packets = 0;
  let ended = false;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  async function* blocks() {
    try {
      for await (const block of trace) {
        progress?.update(trace.bytesRead);
        for (let i = 0; i < block.count; i++) {
          packets += block.clientPackets[i] + block.serverPackets[i];
          last = Math.max(last, block.start[i] + block.duration[i]);
        }
        first = Math.min(first, block.start[0]);
        yield block;
      }
    } finally {
      ended = true;
      progress?.done();
    }
  }
  return {
    trace: {
      kind: "connections",
      blocks: blocks(),
      facts: () => ({
        files: names,
        format: trace.format,
        packets,
        origin: last >= first ? trace.origin + BigInt(Math.floor(first)) : null,
        durationNs: last >= first ? last - first : 0,
        truncated: trace.truncated,
        skipped: trace.broken.count > 0 ? { "broken log lines": trace.broken.count } : {},
        durations: trace.durations,
      }),
    },
    origin: () => trace.origin,
    readAll: () => ended || (trace.size !== null && trace.bytesRead >= trace.size),
    damage: () => ({ shown: trace.damage, count: trace.faults }),
    notes: () =>
      trace.broken.first.map((line) => `passed over log lines like this: ${describeDamage(line)}`),
  };
}

/** How many faults are described one by one. */
const MOST_SHOWN = 10;

/** Says what was wrong with an input, at most ten places of it. */
export function warnOfDamage(
  input: Pick<TraceInput, "damage" | "notes">,
  command: string,
  terminal: Terminal,
): void {
  for (const note of input.notes?.() ?? []) terminal.err(`anypin ${command}: ${note}\n`);
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
