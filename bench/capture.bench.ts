/** A capture of millions of packets, from walking its records to whole commands, beside other tools. */
import { statSync } from "node:fs";
import { projectPath } from "../test/support/project.ts";
import { type Bench, type Claim, median, type Row } from "./bench.ts";
import { peers } from "./capture/peers.ts";
import { httpCapture } from "./make-http-capture.ts";
import { measureCommands, type Subject } from "./measure.ts";

const PACKETS = 5_000_000;
/** The largest capture for which programs that hold every connection in memory are run too. */
const PEERS_UP_TO = 10_000_000;
const ANYPIN = "node dist/anypin/main.js";
/** Passes of a stage in one process: its start, and the compiler's, are not the question. */
const PASSES = 5;

/** Wanted of whole commands: wall time over tcpdump's, and over the slow ones'. */
const AT_MOST_TCPDUMP = 1.3;
const FASTER_THAN = { argus: 8, tshark: 40 } as const;
/** Wanted of two threads over one. */
const GAIN = 1.5;
const MEBIBYTE = 2 ** 20;
const PEAK = 256;
/** Million packets a second. */
const STAGE_RATES = { walk: 50, parse: 40, table: 15 } as const;

function stageSubject(stage: string, file: string, packets: number): Subject {
  return {
    what: stage,
    command: `node dist/bench/capture/stage.js ${stage} ${file} ${PASSES}`,
    amount: packets,
    own: (stdout) => median(JSON.parse(stdout).seconds),
  };
}

const TWO = ", 2 threads";
/** Two processes with nothing in common: what the machine has to give to two threads of any kind. */
const TWICE = ", twice at once";
const OURS: Readonly<Record<string, string>> = {
  "anypin flows": "flows --csv -",
  "anypin replay": "replay --policy all --json",
};

const wholeCommands = (file: string, packets: number): Subject[] =>
  Object.entries(OURS).flatMap(([what, words]) => {
    const run = (threads: number) => `${ANYPIN} ${words} --threads ${threads} ${file} >/dev/null`;
    return [
      { what, command: run(1), amount: packets },
      { what: `${what}${TWO}`, command: run(2), amount: packets },
      { what: `${what}${TWICE}`, command: `${run(1)} & ${run(1)} && wait $!`, amount: 2 * packets },
    ];
  });

/** What the numbers were to be; only those for which both sides were measured. */
function claims(rows: readonly Row[]): Claim[] {
  const row = (what: string) => rows.find((one) => one.what === what);
  const middle = (what: string) => median(row(what)?.seconds ?? []);
  const made: Claim[] = [];
  for (const [stage, wanted] of Object.entries(STAGE_RATES)) {
    const measured = (row(stage)?.amount ?? 0) / middle(stage) / 1e6;
    made.push({ text: `${stage}, M packets/s`, measured, wanted, side: "at least" });
  }
  for (const ours of Object.keys(OURS)) {
    const gained = middle(ours) / middle(`${ours}${TWO}`);
    made.push({ text: `${ours}: 1 thread / 2`, measured: gained, wanted: GAIN, side: "at least" });
    if (row("tcpdump")) {
      const measured = middle(ours) / middle("tcpdump");
      made.push({ text: `${ours} / tcpdump`, measured, wanted: AT_MOST_TCPDUMP, side: "at most" });
    }
    for (const [theirs, wanted] of Object.entries(FASTER_THAN)) {
      if (!row(theirs)) continue;
      const measured = middle(theirs) / middle(ours);
      made.push({ text: `${theirs} / ${ours}`, measured, wanted, side: "at least" });
    }
    const peak = row(ours)?.peakBytes ?? null;
    if (peak === null) continue;
    const measured = peak / MEBIBYTE;
    made.push({ text: `${ours}, peak MiB`, measured, wanted: PEAK, side: "at most" });
  }
  return made;
}

export const capture: Bench = {
  name: "capture",
  about:
    "an HTTP capture of 5 million packets (--size), beside tcpdump, argus, tshark, pcap-parser",

  async run({ runs, size, progress }) {
    const packets = size ?? PACKETS;
    progress(`making an HTTP capture of ${packets} packets, unless it is there`);
    const file = httpCapture(packets);
    const others = peers(file, packets, packets <= PEERS_UP_TO);
    const subjects = [
      ...Object.keys(STAGE_RATES).map((stage) => stageSubject(stage, file, packets)),
      ...wholeCommands(file, packets),
      ...others.subjects,
    ];
    const warm = subjects.map((subject) => ({ ...subject, reads: file }));
    const rows = measureCommands(warm, runs, progress);
    const megabytes = Math.round(statSync(projectPath(file)).size / 1e6);
    return {
      work: `${packets} packets, ${megabytes} MB`,
      unit: "packets",
      rows,
      beside: "tcpdump",
      claims: claims(rows),
      skipped: others.skipped,
    };
  },
};
