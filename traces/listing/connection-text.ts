/** Connections as lines of CSV and of JSON, with the same fields in the same order. */
import { IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { CLOSE_NAMES, CONNECTION_MIDSTREAM } from "../connection.ts";
import { ascii, type ByteText } from "./byte-text.ts";
import type { PackedRows } from "./packed-rows.ts";
import * as layout from "./row-layout.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const {
  ROW_CLIENT,
  ROW_CLIENT_BYTES,
  ROW_CLIENT_PACKETS,
  ROW_DOUBLES,
  ROW_DURATION,
  ROW_KIND,
  ROW_PORTS,
  ROW_SERVER,
  ROW_SERVER_BYTES,
  ROW_SERVER_PACKETS,
  ROW_START,
  ROW_WORDS,
} = layout;

/** Fields of a line; texts, which JSON quotes, are marked. */
const FIELDS = [
  { name: "client", text: true },
  { name: "clientPort", text: false },
  { name: "server", text: true },
  { name: "serverPort", text: false },
  { name: "protocol", text: true },
  { name: "start", text: false },
  { name: "duration", text: false },
  { name: "clientBytes", text: false },
  { name: "serverBytes", text: false },
  { name: "clientPackets", text: false },
  { name: "serverPackets", text: false },
  { name: "close", text: true },
  { name: "midstream", text: false },
] as const;

/** A line is never longer: two addresses of 45 characters, eleven numbers, the names. */
export const LONGEST_LINE = 512;

/** First line of a CSV listing. */
export const CSV_HEADER = `${FIELDS.map(({ name }) => name).join(",")}\n`;

/** What stands before each field, and behind the last one. */
export interface LineStyle {
  readonly before: readonly Uint8Array[];
  readonly after: Uint8Array;
}

export const CSV_LINES: LineStyle = {
  before: FIELDS.map((_, i) => ascii(i === 0 ? "" : ",")),
  after: ascii("\n"),
};

export const JSON_LINES: LineStyle = {
  before: FIELDS.map(({ name, text }, i) => {
    const quoteBefore = i > 0 && FIELDS[i - 1].text ? '"' : "";
    return ascii(`${quoteBefore}${i === 0 ? "{" : ","}"${name}":${text ? '"' : ""}`);
  }),
  after: ascii("}\n"),
};

const PROTOCOLS = { tcp: ascii("tcp"), udp: ascii("udp") };
const CLOSES = CLOSE_NAMES.map(ascii);
const TRUE = ascii("true");
const FALSE = ascii("false");

/**
 * Puts row `row` as one line; the trace's times count from `origin` seconds and nanoseconds since
 * the Unix epoch.
 */
export function putConnection(
  out: ByteText,
  rows: PackedRows,
  row: number,
  origin: { seconds: number; nanoseconds: number },
  { before, after }: LineStyle,
): void {
  const { doubles, words } = rows;
  const d = row * ROW_DOUBLES;
  const w = row * ROW_WORDS;
  const kind = words[w + ROW_KIND];
  const ports = words[w + ROW_PORTS];
  out.putAscii(before[0]);
  out.putAddress(words, w + ROW_CLIENT);
  out.putAscii(before[1]);
  out.putWhole(ports >>> 16);
  out.putAscii(before[2]);
  out.putAddress(words, w + ROW_SERVER);
  out.putAscii(before[3]);
  out.putWhole(ports & 0xffff);
  out.putAscii(before[4]);
  out.putAscii((kind & 0xff) === IPPROTO_UDP ? PROTOCOLS.udp : PROTOCOLS.tcp);
  out.putAscii(before[5]);
  out.putSeconds(origin.seconds, origin.nanoseconds + doubles[d + ROW_START]);
  out.putAscii(before[6]);
  out.putSeconds(0, doubles[d + ROW_DURATION]);
  out.putAscii(before[7]);
  out.putWhole(doubles[d + ROW_CLIENT_BYTES]);
  out.putAscii(before[8]);
  out.putWhole(doubles[d + ROW_SERVER_BYTES]);
  out.putAscii(before[9]);
  out.putWhole(words[w + ROW_CLIENT_PACKETS]);
  out.putAscii(before[10]);
  out.putWhole(words[w + ROW_SERVER_PACKETS]);
  out.putAscii(before[11]);
  out.putAscii(CLOSES[(kind >>> 8) & 3]);
  out.putAscii(before[12]);
  out.putAscii(((kind >>> 16) & CONNECTION_MIDSTREAM) !== 0 ? TRUE : FALSE);
  out.putAscii(after);
}
