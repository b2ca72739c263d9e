/** Lines of a text file in whatever encoding its byte order mark says, one byte a character. */
import type { ByteWindow } from "../byte-window.ts";
import type { DamageLog } from "../damage-log.ts";

/** Longer lines are no log lines. */
const LONGEST = 64 * 1024;
const NEWLINE = 10;

export interface Line {
  text: string;
  /** 1-based. */
  number: number;
  /** Byte offset in the file. */
  offset: number;
}

/**
 * Every line, without its end. Bytes above 127 come as Latin-1: a log mixes encodings, and what is
 * read from it is ASCII. UTF-16 is taken by its low bytes. The line object is used again.
 */
export async function* readLines(window: ByteWindow, damage: DamageLog): AsyncGenerator<Line> {
  const line: Line = { text: "", number: 0, offset: 0 };
  const step = await skipByteOrderMark(window);
  let scanned = 0;
  for (;;) {
    const { bytes, end } = window;
    let from = window.start;
    let at = bytes.subarray(0, end).indexOf(NEWLINE, from + scanned);
    for (; at >= 0; at = bytes.subarray(0, end).indexOf(NEWLINE, from)) {
      line.text = decode(bytes, from, at, step);
      line.number++;
      line.offset = window.base + from;
      yield line;
      // UTF-16, little end first: the newline's high byte is still to come.
      from = at + (step === 2 && bytes[at + 1] === 0 ? 2 : 1);
      window.start = from;
    }
    scanned = end - from;
    if (scanned > LONGEST) {
      line.number++;
      damage.add({
        offset: window.base + from,
        packet: line.number,
        expected: `a line of at most ${LONGEST} bytes`,
        found: "a longer one",
        skipped: scanned,
      });
      window.start = end;
      scanned = 0;
    }
    if (window.ended) break;
    await window.fill();
  }
  if (window.start < window.end) {
    line.text = decode(window.bytes, window.start, window.end, step);
    line.number++;
    line.offset = window.base + window.start;
    yield line;
  }
}

/** Bytes a character; the mark itself is passed over. */
async function skipByteOrderMark(window: ByteWindow): Promise<1 | 2> {
  if (window.end - window.start < 3 && !window.ended) await window.fill();
  const [a, b, c] = window.bytes.subarray(window.start, window.end);
  if (a === 0xef && b === 0xbb && c === 0xbf) window.start += 3;
  const wide = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  if (wide) window.start += 2;
  return wide ? 2 : 1;
}

/** The first line of a file that begins with `head`, read as `readLines` would. */
export function firstLine(head: Uint8Array): string {
  const [a, b, c] = head;
  const wide = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  const mark = wide ? 2 : a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
  return decode(head, mark, head.length, wide ? 2 : 1).split(/\r?\n/)[0];
}

function decode(bytes: Uint8Array, from: number, to: number, step: 1 | 2): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
  const plain = step === 2 ? text.replaceAll("\0", "") : text;
  return plain.endsWith("\r") ? plain.slice(0, -1) : plain;
}
