/** Files that begin like something we know but do not read: refused by name. */

/** A beginning, and what it gives away. Bytes are written as text, `.` standing for any byte. */
const FOREIGN: readonly { begins: string; at?: number; name: string; hint?: string }[] = [
  { begins: "snoop\0\0\0", name: "a Solaris snoop capture", hint: "editcap -F pcapng" },
  { begins: "RTSS", name: "a Microsoft Network Monitor 1 capture", hint: "editcap -F pcapng" },
  { begins: "GMBU", name: "a Microsoft Network Monitor 2 capture", hint: "editcap -F pcapng" },
  { begins: "TRSNIFF data    \x1a", name: "a DOS Sniffer capture", hint: "editcap -F pcapng" },
  { begins: "XCP\0", name: "a NetXRay or Windows Sniffer capture", hint: "editcap -F pcapng" },
  { begins: "\x05VNF", name: "an EtherPeek capture", hint: "editcap -F pcapng" },
  { begins: "\x7fver", name: "an EtherPeek (OmniPeek) capture", hint: "editcap -F pcapng" },
  { begins: "iptrace ", name: "an AIX iptrace capture", hint: "editcap -F pcapng" },
  { begins: "btsnoop\0", name: "a Bluetooth btsnoop capture" },
  {
    begins: "\xa1\xb2\xc3\xcb",
    name: "a captures file of an IXIA card",
    hint: "editcap -F pcapng",
  },
  { begins: "\x1c\x00\x01\xac", name: "an IXIA lcap capture", hint: "editcap -F pcapng" },
  { begins: "\x1c\x00\x01\xab", name: "an IXIA lcap capture", hint: "editcap -F pcapng" },
  { begins: "\x89anyFLOW", name: "a flow trace, in which there are no packets" },
  { begins: "PAR1", name: "a Parquet file" },
  { begins: "BZh", name: "a bzip2-compressed file", hint: "bzip2 -dc" },
  { begins: "\x04\x22\x4d\x18", name: "an lz4-compressed file", hint: "lz4 -dc" },
  { begins: "\x1f\x9d", name: "a file compressed by compress", hint: "gzip -dc" },
  { begins: "PK\x03\x04", name: "a zip archive", hint: "unzip -p" },
  { begins: "7z\xbc\xaf\x27\x1c", name: "a 7-Zip archive", hint: "7z x -so" },
  { begins: "ustar", at: 257, name: "a tar archive", hint: "tar -xO" },
];

/** What a file is that begins with `head`, with a hint what would make it readable; or null. */
export function nameForeign(head: Uint8Array): string | null {
  for (const { begins, at = 0, name, hint } of FOREIGN) {
    if (at + begins.length > head.length) continue;
    const same = [...begins].every((letter, i) => head[at + i] === letter.charCodeAt(0));
    if (same) return hint ? `${name} (convert it first: ${hint})` : name;
  }
  return looksLikeErf(head) ? "what may be an Endace ERF capture (editcap -F pcapng)" : null;
}

/**
 * ERF has no magic: records of 16 bytes and more that chain, with a type below 32 and a time since
 * 1990 (little endian, the rest big endian).
 */
function looksLikeErf(head: Uint8Array): boolean {
  if (head.length < 16 || isText(head.subarray(0, 16))) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const seconds = view.getUint32(4, true);
  const type = view.getUint8(8) & 0x7f;
  const record = view.getUint16(10);
  const wire = view.getUint16(14);
  const dated = seconds > 631_152_000 && seconds < 4_000_000_000;
  return dated && type > 0 && type < 32 && record >= 16 && wire > 0 && record <= wire + 64;
}

/** The first bytes of a file for a message: as text when they are, in hexadecimal otherwise. */
export function showHead(head: Uint8Array): string {
  const bytes = head.subarray(0, 8);
  if (isText(bytes)) return `the text ${JSON.stringify(String.fromCharCode(...bytes))}`;
  return `the bytes ${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
}

/** Printable ASCII and line ends, nothing else. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
