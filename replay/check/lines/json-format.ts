/** A packet as one JSON object and a newline (DESIGN.md section 5). */

import { viewOf } from "../../../ipopts/bytes.ts";
import * as ip4 from "../../../stack/wire/ipv4.ts";
import type { Checker } from "../checker.ts";
import { SUM_STATES, sumValue } from "../checksums.ts";
import { addressesOf, packetReport } from "../packet-report.ts";
import type { Worlds } from "../world.ts";
import { type LineBuffer, piece } from "./line-buffer.ts";
import type { LineFormat, LineMaker } from "./line-format.ts";
import { type Stamp, stampOf } from "./line-memory.ts";
import { optionsJson } from "./route-options.ts";
import { VerdictPieces } from "./verdict-pieces.ts";

/** Bytes of a longer line's two pieces. */
export const JSON_LINE_BYTES = 2048;

const OPENING = piece('{"packet":');
const SOURCE = piece(',"source":"');
const DESTINATION = piece('","destination":"');
const OPTIONS = piece('","options":[');
const END_OPTIONS = piece("]");
const NO_FINDINGS = piece(',"findings":[],"verdicts":{');
const VALID = piece('},"reencodes":true,"invalid":false}\n');
const INVALID = piece('},"reencodes":true,"invalid":true}\n');

/** What stands before the digits of a header that leaves. */
const HEADER = '"header":"';

const sumsPiece = (ip: number, transport: number): DataView =>
  piece(`,"checksums":{"ip":${sumValue(ip)},"transport":${sumValue(transport)}}`);

const any: LineMaker = {
  head(out, checker, view) {
    const [source, destination] = addressesOf(view, checker.headers, 0);
    const { options } = checker.judgement(view, 0);
    out.text(`,${JSON.stringify({ source, destination, options }).slice(1, -1)}`);
  },

  tail(out, checker, view) {
    const from = out.length;
    const { findings, leaving, reencodes } = checker.judgement(view, 0);
    out.text(`,"findings":${JSON.stringify(findings)},"verdicts":{`);
    const stamps: Stamp[] = [];
    for (const [i, [name, verdict]] of Object.entries(checker.verdicts(view, 0)).entries()) {
      const text = `${i > 0 ? "," : ""}"${name}":${JSON.stringify(verdict)}`;
      const left = leaving.find(({ profile }) => profile === name);
      if (left !== undefined) {
        const digits = out.length - from + text.indexOf(HEADER) + HEADER.length;
        stamps.push(stampOf(digits, viewOf(left.header), left.header.length, left.hops));
      }
      out.text(text);
    }
    out.text(`},"reencodes":${reencodes},"invalid":${checker.invalid}}\n`);
    return stamps;
  },
};

/** Lines with the verdicts of the profiles named. */
export function jsonFormat(worlds: Worlds, profiles: readonly string[]): LineFormat {
  const verdicts = new VerdictPieces(worlds.v4, profiles);
  const sums = Array.from({ length: SUM_STATES * SUM_STATES }, (_, n) =>
    sumsPiece(Math.floor(n / SUM_STATES), n % SUM_STATES),
  );

  const routed: LineMaker = {
    head(out, { headers }, view) {
      const at = headers.at[0];
      out.put(SOURCE);
      out.quad(ip4.source(view, at));
      out.put(DESTINATION);
      out.quad(ip4.destination(view, at));
      out.put(OPTIONS);
      optionsJson(out, view, at);
      out.put(END_OPTIONS);
    },

    tail(out, { headers, invalid }, view) {
      const tail = out.length;
      const at = headers.at[0];
      out.put(NO_FINDINGS);
      const stamps = verdicts.json(out, tail, view, at, headers.end[0] - at);
      out.put(invalid ? INVALID : VALID);
      return stamps;
    },
  };

  return {
    routed,
    any,
    opening(out: LineBuffer, packet, file) {
      out.put(OPENING);
      out.number(packet);
      if (file !== undefined) out.text(`,"file":${JSON.stringify(file)}`);
    },
    sums: ({ ipSums, transportSums }: Checker) => sums[ipSums[0] * SUM_STATES + transportSums[0]],
    whole(checker, view, packet, file) {
      return `${JSON.stringify(packetReport(checker, view, packet, file))}\n`;
    },
  };
}
