/** TCP options on the wire (RFC 9293 section 3.1, RFC 7323, RFC 2018): reading and writing. */
import { TCP_HEADER_LENGTH } from "../wire/tcp.ts";
import type { SeqRanges } from "./ranges.ts";

export const TCPOPT_EOL = 0;
export const TCPOPT_NOP = 1;
export const TCPOPT_MAXSEG = 2;
export const TCPOPT_WINDOW = 3;
export const TCPOPT_SACK_PERMITTED = 4;
export const TCPOPT_SACK = 5;
export const TCPOPT_TIMESTAMP = 8;

/** Largest shift (RFC 7323 section 2.3). */
export const TCP_MAX_WINSHIFT = 14;
/** A timestamp option with the two NOPs that align it: what every segment pays for it. */
export const TIMESTAMP_LENGTH = 12;
/** Header bytes that options may take. */
export const MAX_OPTIONS = 40;

/** The options of one segment. One object is used again for every segment. */
export class TcpOptions {
  /** 0 for none. */
  mss = 0;
  /** −1 for none. */
  windowScale = -1;
  sackPermitted = false;
  hasTimestamp = false;
  tsVal = 0;
  tsEcr = 0;
  /** SACK blocks: how many, and where the first one's left edge stands. */
  sackCount = 0;
  sackAt = 0;

  /**
   * Reads the options of the header at `at`, `headerLength` bytes long. A length that leads out of
   * the header ends the reading; an option with a length that is not its own is passed over.
   */
  parse(view: DataView, at: number, headerLength: number): void {
    this.mss = 0;
    this.windowScale = -1;
    this.sackPermitted = false;
    this.hasTimestamp = false;
    this.sackCount = 0;
    const end = at + headerLength;
    let p = at + TCP_HEADER_LENGTH;
    // What nearly every segment carries: NOP NOP timestamp and nothing else.
    if (headerLength === 32 && view.getUint32(p) === 0x0101080a) {
      this.readTimestamp(view, p + 2);
      return;
    }
    while (p < end) {
      const kind = view.getUint8(p);
      if (kind === TCPOPT_EOL) return;
      if (kind === TCPOPT_NOP) {
        p++;
        continue;
      }
      if (p + 1 >= end) return;
      const length = view.getUint8(p + 1);
      if (length < 2 || p + length > end) return;
      this.take(view, p, kind, length);
      p += length;
    }
  }

  private take(view: DataView, p: number, kind: number, length: number): void {
    if (kind === TCPOPT_MAXSEG && length === 4) this.mss = view.getUint16(p + 2);
    else if (kind === TCPOPT_WINDOW && length === 3) {
      this.windowScale = Math.min(view.getUint8(p + 2), TCP_MAX_WINSHIFT);
    } else if (kind === TCPOPT_SACK_PERMITTED && length === 2) this.sackPermitted = true;
    else if (kind === TCPOPT_TIMESTAMP && length === 10) this.readTimestamp(view, p);
    else if (kind === TCPOPT_SACK && length > 2 && (length - 2) % 8 === 0) {
      this.sackCount = (length - 2) / 8;
      this.sackAt = p + 2;
    }
  }

  private readTimestamp(view: DataView, p: number): void {
    this.hasTimestamp = true;
    this.tsVal = view.getInt32(p + 2);
    this.tsEcr = view.getInt32(p + 6);
  }
}

/**
 * Writes options one behind the other, each aligned as BSD aligns it: NOPs before, EOL at the end.
 * One object is used again for every segment.
 */
export class OptionWriter {
  private view: DataView = new DataView(new ArrayBuffer(0));
  private start = 0;
  /** Option bytes written so far. */
  length = 0;

  /** Begins at the option bytes of the header at `at`. */
  begin(view: DataView, at: number): void {
    this.view = view;
    this.start = at + TCP_HEADER_LENGTH;
    this.length = 0;
  }

  mss(value: number): void {
    this.align(4, 0);
    this.head(TCPOPT_MAXSEG, 4);
    this.view.setUint16(this.start + this.length + 2, value);
    this.length += 4;
  }

  windowScale(shift: number): void {
    this.align(2, 1);
    this.head(TCPOPT_WINDOW, 3);
    this.view.setUint8(this.start + this.length + 2, shift);
    this.length += 3;
  }

  sackPermitted(): void {
    this.align(2, 0);
    this.head(TCPOPT_SACK_PERMITTED, 2);
    this.length += 2;
  }

  timestamp(value: number, echo: number): void {
    this.align(4, 2);
    this.head(TCPOPT_TIMESTAMP, 10);
    this.view.setInt32(this.start + this.length + 2, value);
    this.view.setInt32(this.start + this.length + 6, echo);
    this.length += 10;
  }

  /**
   * SACK blocks, as many as fit: a duplicate to report when `dsackFrom` and `dsackTo` differ
   * (RFC 2883), the range that holds `recent`, then the others, highest first.
   */
  sack(early: SeqRanges, recent: number, dsackFrom: number, dsackTo: number): void {
    const aligned = this.length + ((2 - this.length) & 3);
    let room = (MAX_OPTIONS - aligned - 2) >> 3;
    const duplicate = dsackFrom !== dsackTo;
    if (room < 1 || (!duplicate && early.count === 0)) return;
    this.align(4, 2);
    const at = this.start + this.length;
    let p = at + 2;
    if (duplicate) {
      p = this.block(p, dsackFrom, dsackTo);
      room--;
    }
    const first = early.rangeAt(recent);
    if (first >= 0 && room-- > 0) p = this.block(p, early.pairs[first], early.pairs[first + 1]);
    for (let i = early.pairs.length - 2; i >= 0 && room > 0; i -= 2) {
      if (i === first) continue;
      p = this.block(p, early.pairs[i], early.pairs[i + 1]);
      room--;
    }
    this.head(TCPOPT_SACK, p - at);
    this.length += p - at;
  }

  /** Pads to a multiple of four; the length of the whole header. */
  end(): number {
    while (this.length & 3) this.view.setUint8(this.start + this.length++, TCPOPT_EOL);
    return TCP_HEADER_LENGTH + this.length;
  }

  private block(p: number, from: number, to: number): number {
    this.view.setInt32(p, from);
    this.view.setInt32(p + 4, to);
    return p + 8;
  }

  private align(to: number, remainder: number): void {
    while ((this.length & (to - 1)) !== remainder) {
      this.view.setUint8(this.start + this.length++, TCPOPT_NOP);
    }
  }

  private head(kind: number, length: number): void {
    this.view.setUint8(this.start + this.length, kind);
    this.view.setUint8(this.start + this.length + 1, length);
  }
}
