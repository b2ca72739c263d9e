/** What tshark's expert report may say, given what was done to the packets. */
import { fields, type Remark } from "./capture.ts";
import { MAC_LINUX } from "./lab.ts";

/** How many packets were lost, delayed past others and doubled. */
export interface Disturbance {
  lost: number;
  delayed: number;
  doubled: number;
}

/** The course of any connection, and the receiver's flow control. */
const ORDINARY = [
  /^Connection (establish|finish)/,
  /^This frame (initiates|undergoes) the connection closing/,
  /^TCP window update/,
  /^TCP window specified by the receiver is now completely full/,
  /^TCP Zero Window segment/,
  /^(ACK to a )?TCP Zero Window Probe/i,
];

/** What packets that are lost, late or doubled lead to. */
const AFTER_LOSS = [
  /retransmission/,
  /^Duplicate ACK/,
  /out-of-order segment/,
  /^D-SACK Sequence/,
  // One octet sent again looks like a probe to tshark.
  /^(ACK to a )?TCP keep-alive segment/,
];

/** Only where the capture lies behind the disturbance. */
const AFTER_DISORDER = [/^Previous segment\(s\) not captured/];

const ACKED_UNSEEN = /^ACKed segment that wasn't captured/;
const ONES = /^TCP Checksum 0xffff instead of 0x0000/;
const RESET = /^Connection reset/;

/** More than this many segments sent again for each packet disturbed: not explained by that. */
const MOST_FOR_ONE = 3;

/** Remarks as one line, duplicate ACKs and connections added up. */
export function summarize(remarks: readonly Remark[]): string {
  const sums = new Map<string, number>();
  for (const { severity, summary, count } of remarks) {
    if (severity === "Chat") continue;
    const name = summary
      .replace(/ \(#\d+\)$/, "")
      .replace(/ \(common at capture start\)$/, "")
      .replace(/^This frame (is|initiates|undergoes) (an? |the )?(\(suspected\) )?/, "");
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums].map(([name, count]) => `${count} ${name}`).join(", ");
}

/** What in `remarks` the disturbance does not explain. */
export function unexplained(
  path: string,
  remarks: readonly Remark[],
  disturbance: Disturbance,
): string[] {
  const { lost, delayed, doubled } = disturbance;
  const disturbed = lost + delayed + doubled;
  const allowed = [
    ...ORDINARY,
    ...(disturbed > 0 ? AFTER_LOSS : []),
    ...(delayed + doubled > 0 ? AFTER_DISORDER : []),
  ];
  const wrong: string[] = [];
  let again = 0;
  for (const { severity, summary, count } of remarks) {
    if (/retransmission|out-of-order/.test(summary)) again += count;
    if (allowed.some((pattern) => pattern.test(summary))) continue;
    if (ONES.test(summary)) wrong.push(...ourOnes(path));
    else if (disturbed > 0 && ACKED_UNSEEN.test(summary)) wrong.push(...reallyUnseen(path));
    else if (disturbed > 0 && RESET.test(summary)) wrong.push(...earlyResets(path));
    else wrong.push(`${severity}: ${count} ${summary}`);
  }
  if (again > MOST_FOR_ONE * disturbed) {
    wrong.push(`${again} segments sent again for ${disturbed} packets disturbed`);
  }
  return wrong;
}

/** Linux writes a sum of zero as ones, for TCP too (`skb_checksum_help`); we are not to. */
function ourOnes(path: string): string[] {
  const rows = fields(path, `tcp.checksum==0xffff && eth.src!=${MAC_LINUX}`, ["frame.number"]);
  return rows.map(([frame]) => `frame ${frame}, ours, has the checksum 0xffff`).slice(0, 5);
}

const number = (text: string): number => Number(text.split(",")[0]);

/**
 * tshark follows how far the data seen reaches without gaps, and passes over retransmissions that
 * are cut differently: its remark is looked into. ACKs of octets that no packet before held.
 */
function reallyUnseen(path: string): string[] {
  const suspects = fields(path, "tcp.analysis.ack_lost_segment", ["tcp.stream"]);
  const streams = [...new Set(suspects.map(([stream]) => stream))];
  if (streams.length === 0) return [];
  const names = ["tcp.stream", "tcp.srcport", "tcp.nxtseq", "tcp.ack", "frame.number"];
  const filter = streams.map((stream) => `tcp.stream==${stream}`).join("||");
  const reached = new Map<string, number>();
  const wrong: string[] = [];
  for (const [stream, port, next, ack, frame] of fields(path, filter, names)) {
    const own = `${stream} ${port}`;
    reached.set(own, Math.max(reached.get(own) ?? 0, number(next || "0")));
    const other = [...reached].find(([key]) => key !== own && key.startsWith(`${stream} `));
    if (other && number(ack) > other[1] + 1) wrong.push(`frame ${frame} acknowledges unsent data`);
  }
  return wrong.slice(0, 5);
}

/**
 * A host that has closed in good order and forgotten answers what comes late with a reset. Resets
 * before both ends have sent their FIN are none of these.
 */
function earlyResets(path: string): string[] {
  const ended = new Map<string, Set<string>>();
  const names = ["tcp.stream", "tcp.srcport", "tcp.flags.reset", "frame.number"];
  const wrong: string[] = [];
  for (const [stream, port, reset, frame] of fields(path, "tcp.flags & 5", names)) {
    const ports = ended.get(stream) ?? new Set();
    ended.set(stream, ports);
    if (reset === "0") ports.add(port);
    else if (ports.size < 2) wrong.push(`frame ${frame} resets a connection that is open`);
  }
  return wrong.slice(0, 5);
}
