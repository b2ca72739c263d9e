/** Hosts as logs name them: addresses, or names that were looked up when the log was written. */
import { parseV4, parseV6 } from "../../stack/wire/address.ts";

/** Names become addresses of fd00::/8 (RFC 4193), the same name always the same one. */
const NAMED = 0xfd000000;

/** Sets `words` to the address of `host`, made up from its name where it is one. */
export function setHost(host: string, words: Uint32Array): void {
  const v4 = parseV4(host);
  if (v4 !== null) {
    setV4(words, v4);
    return;
  }
  const v6 = host.includes(":") ? parseV6(host) : null;
  if (v6) words.set(v6);
  else for (let w = 0; w < 4; w++) words[w] = w === 0 ? NAMED : fnv(host, w);
}

/** Sets `words` to an IPv4 address. */
export function setV4(words: Uint32Array, address: number): void {
  words[0] = 0;
  words[1] = 0;
  words[2] = 0xffff;
  words[3] = address;
}

/** FNV-1a of a name, one of several told apart by `salt`. */
function fnv(name: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
