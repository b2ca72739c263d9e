/** Checking a capture in which every packet carries a source route, beside tshark's option fields. */
import { statSync } from "node:fs";
import { projectPath } from "../test/support/project.ts";
import { type Bench, type Claim, median, type Row } from "./bench.ts";
import { routedCapture } from "./make-routed-capture.ts";
import { haveProgram, measureCommands, type Subject } from "./measure.ts";

const PACKETS = 2_000_000;
/** Million packets a second. */
const WANTED_RATE = 1;

const TSHARK_FIELDS = ["type", "len", "ptr", "sec_rfc791_sec"].map((field) => `-e ip.opt.${field}`);

function claims(rows: readonly Row[]): Claim[] {
  const row = rows.find(({ what }) => what === "check --summary");
  if (row === undefined) return [];
  const measured = row.amount / median(row.seconds) / 1e6;
  const text = "checked, M packets/s, start-up included";
  return [{ text, measured, wanted: WANTED_RATE, side: "at least" }];
}

export const check: Bench = {
  name: "check",
  about: "anypin check on 2 million source-routed packets (--size), beside tshark -T fields",

  async run({ runs, size, progress }) {
    const packets = size ?? PACKETS;
    progress(`making a capture of ${packets} source-routed packets, unless it is there`);
    const file = routedCapture(packets);
    const anypin = `node dist/anypin/main.js check ${file}`;
    const subjects: Subject[] = [
      { what: "check --summary", command: `${anypin} --summary`, amount: packets },
      { what: "check (text)", command: `${anypin} > /dev/null`, amount: packets },
      { what: "check --json", command: `${anypin} --json > /dev/null`, amount: packets },
    ];
    const skipped: string[] = [];
    if (haveProgram("tshark")) {
      const command = `tshark -n -r ${file} -T fields ${TSHARK_FIELDS.join(" ")} 2>/dev/null > /dev/null`;
      subjects.push({ what: "tshark", command, amount: packets, atMost: 1 });
    } else skipped.push("tshark: not installed");
    const warm = subjects.map((subject) => ({ ...subject, reads: file }));
    const rows = measureCommands(warm, runs, progress);
    const megabytes = Math.round(statSync(projectPath(file)).size / 1e6);
    return {
      work: `${packets} packets, ${megabytes} MB, a source route in every one`,
      unit: "packets",
      rows,
      beside: "tshark",
      claims: claims(rows),
      skipped,
    };
  },
};
