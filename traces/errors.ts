/** What can be wrong with an input, in the words a user is shown. */

/** One place where a file is not what it claims to be. */
export interface Damage {
  /** The file as the user named it; `-` for standard input. */
  file: string;
  /** Byte offset in the (decompressed) file where the fault begins. */
  offset: number;
  /** 1-based number of the packet (or record) concerned, or of the next one expected. */
  packet: number;
  /** What should have stood there. */
  expected: string;
  /** What stood there. */
  found: string;
  /** Bytes passed over until the reader found its feet again; null when it did not. */
  skipped: number | null;
}

/** Text as it may be shown: a file and its name may hold what a terminal would obey. */
export const visible = (text: string): string =>
  text.replace(/\p{Cc}/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);

/** `x.pcap: byte 1204, packet 17: expected …, found …; skipped 96 bytes`. */
export function describeDamage(d: Damage): string {
  const end = d.skipped === null ? "" : `; skipped ${d.skipped} bytes and went on`;
  return `${visible(d.file) || '""'}: byte ${d.offset}, packet ${d.packet}: expected ${d.expected}, found ${d.found}${end}`;
}

/** An input that could not be read at all. Its message is fit for a user. */
export class TraceError extends Error {
  override readonly name = "TraceError";
  readonly damage: Damage;
  constructor(damage: Damage) {
    super(describeDamage(damage));
    this.damage = damage;
  }
}

/** More than this program can hold was asked of it. Its message is fit for a user. */
export class LimitError extends Error {
  /** Own, so that it comes through from another thread, where the class does not. */
  override readonly name = "LimitError";
}
