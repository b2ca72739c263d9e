/** A service as it is written on a command line: `HOST[:PORT]`. */
import { parseV4, parseV6 } from "../stack/wire/address.ts";
import { type Prefix, ServiceFilter } from "./service.ts";

const MAPPED = [0, 0, 0xffff];

/** Prefix length in bits as four 32-bit masks. */
const masksOf = (bits: number): number[] =>
  [0, 1, 2, 3].map((word) => {
    const here = Math.min(32, Math.max(0, bits - 32 * word));
    return here === 0 ? 0 : (-1 << (32 - here)) >>> 0;
  });

/**
 * The prefix that a service's text names: `192.0.2.1:80`, `192.0.2.0/24`, `[2001:db8::1]:443`,
 * `2001:db8::/32`, `[2001:db8::/32]:443`, `:80` for a port anywhere.
 *
 * @throws {RangeError} with a message fit for a user when the text is none of these
 */
function parseService(text: string): Prefix {
  const wrong = (found: string) =>
    new RangeError(
      `expected HOST, HOST:PORT or [HOST]:PORT, HOST being an address or a prefix; found "${found}"`,
    );
  const form = /^(?:\[([^\]]*)\]|([^:[\]]*)|([^[\]]*:[^[\]]*:[^[\]]*))(?::([^:]*))?$/.exec(text);
  if (!form) throw wrong(text);
  const [, bracketed, plain, bare, portText] = form;
  const host = bracketed ?? plain ?? bare ?? "";
  const port = portText === undefined ? 0 : Number(portText);
  if (portText !== undefined && !(/^\d{1,5}$/.test(portText) && port >= 1 && port <= 65535)) {
    throw new RangeError(`expected a port from 1 to 65535; found "${portText}" in "${text}"`);
  }
  if ((host === "" || host === "*") && port !== 0) {
    return { words: [0, 0, 0, 0], masks: [0, 0, 0, 0], port };
  }
  const [, address, bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(host) ?? [];
  if (address === undefined) throw wrong(text);
  const v4 = parseV4(address);
  const words = v4 === null ? parseV6(address) : [...MAPPED, v4];
  const width = v4 === null ? 128 : 32;
  const length = bits === undefined ? width : Number(bits);
  if (!words || length > width) throw wrong(text);
  return { words, masks: masksOf(v4 === null ? length : 96 + length), port };
}

/** A filter for every text given, or null when none is: then everything is wanted. */
export function parseServices(texts: readonly string[]): ServiceFilter | null {
  return texts.length === 0 ? null : new ServiceFilter(texts.map(parseService));
}
