import { readFileSync } from "node:fs";
import { WorldError } from "../../../ipopts/profiles/world-json.ts";
import { openTrace, type Trace } from "../../../traces/open.ts";
import type { PacketBatch } from "../../../traces/packet-batch.ts";
import { checkPacket } from "../../check/check-batch.ts";
import { Checker } from "../../check/checker.ts";
import { LINE_SLOTS } from "../../check/header-judge.ts";
import { JSON_LINE_BYTES, jsonFormat } from "../../check/lines/json-format.ts";
import { LineBuffer } from "../../check/lines/line-buffer.ts";
import { LineMemory } from "../../check/lines/line-memory.ts";
import { PacketLines } from "../../check/lines/packet-lines.ts";
import { TEXT_LINE_BYTES, textFormat } from "../../check/lines/text-format.ts";
import { summaryJson, summaryText } from "../../check/summary-text.ts";
import { PROFILE_NAMES } from "../../check/verdicts.ts";
import { anyWorld, parseWorlds, type Worlds } from "../../check/world.ts";
import { type Command, type OptionValues, type Terminal, UsageError } from "../command.ts";
import { stringOption, switchOption } from "../option-values.ts";
import { startProgress } from "../progress.ts";
import { isSystemError, whatFailed } from "../system-error.ts";
import { checkNames, warnOfDamage } from "../trace-input.ts";

/** Lines are handed on in pieces of at least this many bytes. */
const PIECE = 1 << 16;

/** What the command line asks for. */
interface Wish {
  /** The profiles of which a packet must satisfy all. */
  profiles: readonly string[];
  /** The profiles whose verdicts are shown. */
  judged: readonly string[];
  worlds: Worlds;
  all: boolean;
  json: boolean;
  /** Only the counts at the end. */
  summary: boolean;
  verbose: boolean;
}

function worldsOf(path: string | undefined): Worlds {
  if (path === undefined) return anyWorld();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new UsageError(`--world: ${path}: cannot be read: ${whatFailed(error)}`);
  }
  try {
    return parseWorlds(text);
  } catch (error) {
    if (error instanceof WorldError) throw new UsageError(`--world: ${path}: ${error.message}`);
    throw error;
  }
}

function wishOf(options: OptionValues): Wish {
  const profile = stringOption(options, "profile") ?? "engel";
  const profiles = profile === "all" ? PROFILE_NAMES : [profile];
  return {
    profiles,
    judged: switchOption(options, "json") ? PROFILE_NAMES : profiles,
    worlds: worldsOf(stringOption(options, "world")),
    all: switchOption(options, "all"),
    json: switchOption(options, "json"),
    summary: switchOption(options, "summary"),
    verbose: switchOption(options, "verbose"),
  };
}

/** Lines of headers seen before; none for bytes and rulers, which every packet has of its own. */
function memoryOf({ summary, json, verbose }: Wish): LineMemory | null {
  if (summary || (verbose && !json)) return null;
  return new LineMemory(LINE_SLOTS, json ? JSON_LINE_BYTES : TEXT_LINE_BYTES);
}

/** A check under way: who checks, and where its lines go. */
interface Check {
  readonly checker: Checker;
  /** Null when only the summary is asked for. */
  readonly lines: PacketLines | null;
  readonly out: LineBuffer;
}

function startCheck(wish: Wish): Check {
  const memory = memoryOf(wish);
  const checker = new Checker({ ...wish, lines: memory });
  const format = wish.json ? jsonFormat(wish.worlds, wish.judged) : textFormat(wish.worlds, wish);
  const lines = wish.summary ? null : new PacketLines(checker, format, memory);
  return { checker, lines, out: new LineBuffer() };
}

/** Checks a batch's packets and writes their lines. */
function checkBatch({ checker, lines, out }: Check, batch: PacketBatch, file?: string): void {
  for (let i = 0; i < batch.count; i++) {
    if (checkPacket(checker, batch, i)) lines?.write(out, batch.view, batch.firstNumber + i, file);
  }
}

async function checkTrace(
  trace: Trace,
  check: Check,
  quiet: boolean,
  terminal: Terminal,
): Promise<void> {
  const shown = { ...terminal, interactive: terminal.interactive && !quiet };
  const progress = startProgress(shown, trace.files.join(" "), trace.size);
  const { out } = check;
  try {
    for await (const batch of trace) {
      progress.update(trace.bytesRead);
      checkBatch(check, batch, trace.files.length > 1 ? trace.files[batch.file] : undefined);
      if (out.length < PIECE) continue;
      progress.done();
      await terminal.out(out.take());
    }
  } finally {
    progress.done();
  }
  await terminal.out(out.take());
}

/** `anypin check`: is every option well formed, and what does each kernel do with the packet? */
export const checkCommand: Command = {
  name: "check",
  summary: "judge IP options and extension headers in captures, byte for byte",
  operands: "CAPTURE…",
  options: [
    {
      name: "profile",
      value: "NAME",
      default: "engel",
      choices: [...PROFILE_NAMES, "all"],
      help: "kernel whose rules decide the exit status",
    },
    {
      name: "world",
      value: "FILE.json",
      help: "addresses, routes and switches of the judging host",
    },
    { name: "all", help: "report every IP packet, not only those with options" },
    {
      name: "verbose",
      help: "notes and reasons too, and a byte ruler that points at the offending byte",
    },
    { name: "summary", help: "only the counts at the end" },
  ],
  notes: [
    "A packet has a line when it carries IP options, an IPv6 extension header or a mobility " +
      "message, when it quotes ([icmp]) or tunnels ([tunnel]) one that does, or when its connection " +
      "or datagram gives reason to: addresses, options, checksums, what the kernel does with it; " +
      "below it what is wrong, by which rule. On a line with a quote the verdict 'outside' is on the " +
      "ICMP error. INVALID packets make the status 1.",
    'FILE.json is a host: {"interfaces": [{"name": "vB", "addresses": ["10.9.0.2/24"]}], ' +
      '"routes": [{"to": "10.20.0.0/16", "via": "10.10.0.1", "dev": "vD"}], "arrival": "vB", ' +
      '"forwarding": true, "acceptSourceRoute": true}. All but the interfaces may be left out. ' +
      "Without --world the judge is a router that owns each packet's destination, forwards, accepts " +
      "source routes and has a route to everything.",
  ],
  example: {
    line: "anypin check --profile linux --verbose routes.pcap",
    about: "which packets Linux would refuse, for which byte; status 1 when there is one",
  },
  async run(operands, options, terminal) {
    checkNames(operands);
    const wish = wishOf(options);
    const quiet = switchOption(options, "quiet");
    const trace = await openTrace(operands, { signal: terminal.interrupted });
    const check = startCheck(wish);
    await checkTrace(trace, check, quiet, terminal);
    check.checker.finish();
    const { summary } = check.checker;
    await terminal.out(
      wish.json
        ? `${summaryJson(summary, trace.truncated)}\n`
        : summaryText(summary, wish.profiles),
    );
    const damage = { shown: trace.damage, count: trace.faults };
    if (!quiet) warnOfDamage({ damage: () => damage }, "check", terminal);
    if (trace.truncated) return 3;
    return summary.invalid > 0 ? 1 : 0;
  },
};
