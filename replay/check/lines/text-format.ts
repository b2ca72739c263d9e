/** A packet as a line of text, with a line for each finding and the bytes when asked for. */
import * as ip4 from "../../../stack/wire/ipv4.ts";
import type { Checker } from "../checker.ts";
import { SUM_STATES, sumValue } from "../checksums.ts";
import { IS_CUT, IS_OVERRUN } from "../headers.ts";
import { addressesOf, packetReport, reportedHeaders } from "../packet-report.ts";
import type { HeaderReport } from "../report.ts";
import { ruler } from "../ruler.ts";
import { packetText, sumText, type TextOptions, verdictsText } from "../text.ts";
import type { Worlds } from "../world.ts";
import { piece } from "./line-buffer.ts";
import type { LineFormat, LineMaker } from "./line-format.ts";
import { optionsText } from "./route-options.ts";
import { VerdictPieces } from "./verdict-pieces.ts";

/** Bytes of a longer line's two pieces. */
export const TEXT_LINE_BYTES = 512;

const NUMBER = piece("#");
const BLANK = piece(" ");
const ARROW = piece(" > ");
const GAP = piece("  ");
const VALID = piece("\n");
const INVALID = piece("  INVALID\n");

/** Sums of IPv4 by both states, then those of IPv6 by the one that it has. */
const SUMS: readonly DataView[] = [
  ...Array.from({ length: SUM_STATES * SUM_STATES }, (_, n) =>
    sumText(sumValue(Math.floor(n / SUM_STATES)), sumValue(n % SUM_STATES)),
  ),
  ...Array.from({ length: SUM_STATES }, (_, n) => sumText(undefined, sumValue(n))),
].map((text) => piece(`  ${text}`));

/** Bytes drawn of a header that does not say how long it is. */
const MOST_DRAWN = 128;

/** Bytes worth drawing: the header with its options or extension headers. */
function drawnLength(checker: Checker, view: DataView, i: number): number {
  const { headers } = checker;
  const at = headers.at[i];
  const broken = (headers.flags[i] & (IS_CUT | IS_OVERRUN)) !== 0;
  if (broken) return Math.min(headers.end[i] - at, MOST_DRAWN);
  const upper = headers.upper[i] === 135 ? (view.getUint8(headers.upperAt[i] + 1) + 1) * 8 : 0;
  return Math.min(headers.upperAt[i] + upper, headers.end[i]) - at;
}

/** Lines that show the verdicts of `options.profiles`. */
export function textFormat(worlds: Worlds, options: TextOptions): LineFormat {
  const verdicts = new VerdictPieces(worlds.v4, options.profiles);

  const any: LineMaker = {
    head(out, checker, view) {
      const [source, destination] = addressesOf(view, checker.headers, 0);
      const line = checker.judgement(view, 0).pieces.join("; ") || "no options";
      out.text(`${source} > ${destination}  ${line}`);
    },
    tail(out, checker, view) {
      const { verdicts: said, reencodes } = checker.judgement(view, 0);
      out.text(verdictsText(said, options));
      if (!reencodes) out.text("  does not re-encode");
      out.put(checker.invalid ? INVALID : VALID);
      return [];
    },
  };

  const routed: LineMaker = {
    head(out, { headers }, view) {
      const at = headers.at[0];
      out.quad(ip4.source(view, at));
      out.put(ARROW);
      out.quad(ip4.destination(view, at));
      out.put(GAP);
      optionsText(out, view, at);
    },
    tail(out, { headers, invalid }, view) {
      const at = headers.at[0];
      out.put(GAP);
      verdicts.text(out, view, at, headers.end[0] - at);
      out.put(invalid ? INVALID : VALID);
      return [];
    },
  };

  return {
    any,
    routed,
    opening(out, packet, file) {
      if (file !== undefined) out.text(`${file} `);
      out.put(NUMBER);
      out.number(packet);
      out.put(BLANK);
    },
    sums({ headers, ipSums, transportSums }) {
      const ip = headers.version[0] === 4 ? ipSums[0] : SUM_STATES;
      return SUMS[ip * SUM_STATES + transportSums[0]];
    },
    whole(checker, view, packet, file) {
      const report = packetReport(checker, view, packet, file);
      if (report === null) return "";
      const { headers } = checker;
      const reports: readonly HeaderReport[] = [report, ...(report.inner ?? [])];
      const texts = reportedHeaders(checker).map((i, n) => ({
        version: headers.version[i],
        line: checker.judgement(view, i).pieces.join("; "),
        ruler: options.verbose
          ? ruler(view, headers.at[i], drawnLength(checker, view, i), reports[n].findings)
          : "",
      }));
      return packetText(report, texts, options);
    },
  };
}
