/** How a connection is put on a line, as CSV and as JSON: the same fields in the same order. */
import { CLOSE_NAMES } from "../connection.ts";
import type { ListingMemory } from "./listing-memory.ts";

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

const PROTOCOL = 4;
const CLOSE = 11;
const MIDSTREAM = 12;

/** A line is never longer: two addresses of 39 characters, eight numbers, the names. */
export const LONGEST_LINE = 512;

/** First line of a CSV listing. */
export const CSV_HEADER = `${FIELDS.map(({ name }) => name).join(",")}\n`;

/** What stands before each field, and behind the last one. */
export interface LineStyle {
  readonly before: readonly string[];
  readonly after: string;
}

export const CSV_LINES: LineStyle = {
  before: FIELDS.map((_, i) => (i === 0 ? "" : ",")),
  after: "\n",
};

export const JSON_LINES: LineStyle = {
  before: FIELDS.map(({ name, text }, i) => {
    const quoteBefore = i > 0 && FIELDS[i - 1].text ? '"' : "";
    return `${quoteBefore}${i === 0 ? "{" : ","}"${name}":${text ? '"' : ""}`;
  }),
  after: "}\n",
};

/** What a line consists of besides its addresses and numbers, in the order of `wasm/lines.ts`. */
const pieces = ({ before, after }: LineStyle): string[] => [
  ...before.slice(0, PROTOCOL),
  ...["tcp", "udp"].map((protocol) => `${before[PROTOCOL]}${protocol}${before[PROTOCOL + 1]}`),
  ...before.slice(PROTOCOL + 2, CLOSE),
  ...CLOSE_NAMES.flatMap((close) =>
    [false, true].map((mid) => `${before[CLOSE]}${close}${before[MIDSTREAM]}${mid}${after}`),
  ),
];

/** Puts what `putLines` has to know of a style into memory and tells where. */
export function placeStyle(memory: ListingMemory, style: LineStyle): number {
  const texts = pieces(style);
  const size = memory.code.PIECE_BYTES.value;
  const frame = memory.allocate(texts.length * size);
  for (const [number, text] of texts.entries()) {
    const piece = memory.bytes(frame + number * size, size);
    piece[0] = text.length;
    piece.set(Buffer.from(text, "latin1"), 8);
  }
  return frame;
}
