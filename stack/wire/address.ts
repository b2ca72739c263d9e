/**
 * IP addresses as text. For the command line, messages and reports: never per packet.
 *
 * An IPv4 address is an unsigned 32-bit number; an IPv6 address is 16 bytes in memory, or four
 * unsigned 32-bit words, most significant first. IPv4 stands in the words as ::ffff:a.b.c.d.
 */

/** `192.0.2.1` for 0xc0000201. */
export function formatV4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** The number of a dotted quad, or null when `text` is not exactly four decimal bytes. */
export function parseV4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  let value = 0;
  for (const part of match.slice(1)) {
    const byte = Number(part);
    if (byte > 255 || (part.length > 1 && part.startsWith("0"))) return null;
    value = value * 256 + byte;
  }
  return value;
}

/** Text of RFC 5952 for four words: lower case, the longest run of zero groups shortened. */
export function formatV6(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 >>> 0 === 0xffff) return `::ffff:${formatV4(w3 >>> 0)}`;
  const groups: number[] = [];
  for (const word of [w0, w1, w2, w3]) groups.push((word >>> 16) & 0xffff, word & 0xffff);
  let runAt = -1;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > runLength) {
      runAt = i;
      runLength = n;
    }
    if (n > 0) i += n - 1;
  }
  const hex = (part: number[]) => part.map((g) => g.toString(16)).join(":");
  if (runAt < 0) return hex(groups);
  return `${hex(groups.slice(0, runAt))}::${hex(groups.slice(runAt + runLength))}`;
}

/** Text of the 16 bytes at `at`. */
export function formatV6At(view: DataView, at: number): string {
  return formatV6(
    view.getUint32(at),
    view.getUint32(at + 4),
    view.getUint32(at + 8),
    view.getUint32(at + 12),
  );
}

/** Four words of an IPv6 address, or null when `text` is not one (RFC 4291 section 2.2). */
export function parseV6(text: string): [number, number, number, number] | null {
  let body = text;
  const tail: number[] = [];
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (dotted) {
    const v4 = parseV4(dotted[2] ?? "");
    if (v4 === null) return null;
    tail.push(v4 >>> 16, v4 & 0xffff);
    body = dotted[1] ?? "";
    if (!body.endsWith("::")) body = body.slice(0, -1);
  }
  const halves = body.split("::");
  if (halves.length > 2) return null;
  const parse = (part: string): number[] | null => {
    if (part === "") return [];
    const groups = part.split(":");
    if (groups.some((g) => !/^[0-9a-f]{1,4}$/i.test(g))) return null;
    return groups.map((g) => Number.parseInt(g, 16));
  };
  const head = parse(halves[0] ?? "");
  const rest = parse(halves[1] ?? "");
  if (!head || !rest) return null;
  const known = head.length + rest.length + tail.length;
  if (halves.length === 2 ? known > 7 : known !== 8) return null;
  const groups = [...head, ...new Array<number>(8 - known).fill(0), ...rest, ...tail];
  const word = (i: number) => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0;
  return [word(0), word(2), word(4), word(6)];
}

/** Text of an address held as four words, IPv4 as a plain dotted quad. */
export function formatWords(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 >>> 0 === 0xffff) return formatV4(w3 >>> 0);
  return formatV6(w0, w1, w2, w3);
}
