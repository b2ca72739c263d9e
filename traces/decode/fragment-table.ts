/**
 * Where the later fragments of a datagram belong: the first one has the ports, the others only an
 * identification. A set-associative cache, so that neither memory nor time grows with the fragments
 * a capture holds; the oldest of a set makes room.
 */
import { copyAddress } from "./final-address.ts";
import type { PacketRows } from "./packet-rows.ts";
import { DESTINATION, FLAGS, KIND, PORTS, SOURCE, v6At } from "./packet-rows.ts";

const SETS = 1024;
const WAYS = 4;

/**
 * What the fragments of one datagram share (RFC 791 section 3.2, RFC 8200 section 4.5): source and
 * destination as the IP header has them, four words each, identification, version and protocol.
 */
export type FragmentKey = Int32Array;
const KEY_WORDS = 10;
const KEY_ID = 8;
const KEY_PROTOCOL = 9;

/** An entry: its key, the flow's words and IPv6 addresses, and its age by count; 0 if empty. */
const FLOW = [KIND, SOURCE, DESTINATION, PORTS];
const ENTRY_FLOW = KEY_WORDS;
const ENTRY_V6 = ENTRY_FLOW + FLOW.length;
const ENTRY_AGE = ENTRY_V6 + 8;
const ENTRY_WORDS = ENTRY_AGE + 1;

/** A datagram is reassembled within 60 s (RFC 8200 section 4.5); what comes later is another one. */
const LIFETIME_NS = 60e9;

export const fragmentKey = (): FragmentKey => new Int32Array(KEY_WORDS);

/** Makes `key` that of an IPv4 fragment. */
export function setV4Key(
  key: FragmentKey,
  source: number,
  destination: number,
  id: number,
  protocol: number,
): void {
  key.fill(0);
  key[0] = source;
  key[4] = destination;
  key[KEY_ID] = id;
  key[KEY_PROTOCOL] = protocol;
}

/** Makes `key` that of an IPv6 fragment with its addresses and fragment header at those bytes. */
export function setV6Key(
  key: FragmentKey,
  view: DataView,
  source: number,
  destination: number,
  header: number,
): void {
  copyAddress(view, source, key, 0);
  copyAddress(view, destination, key, 4);
  key[KEY_ID] = view.getInt32(header + 4);
  key[KEY_PROTOCOL] = 0x600 | view.getUint8(header);
}

export class FragmentTable {
  readonly #entries = new Int32Array(SETS * WAYS * ENTRY_WORDS);
  readonly #written = new Float64Array(SETS * WAYS);
  #age = 0;

  /** Keeps the flow in `row`, which a first fragment seen at `time` (ns) has filled. */
  remember(key: FragmentKey, time: number, { words, v6 }: PacketRows, row: number): void {
    const known = this.#find(key);
    const entry = known < 0 ? this.#oldest(setOf(key)) : known;
    const e = this.#entries;
    const at = entry * ENTRY_WORDS;
    e.set(key, at);
    for (let i = 0; i < FLOW.length; i++) e[at + ENTRY_FLOW + i] = words[row + FLOW[i]];
    e.set(v6.subarray(v6At(row), v6At(row) + 8), at + ENTRY_V6);
    e[at + ENTRY_AGE] = ++this.#age;
    this.#written[entry] = time;
  }

  /** Fills `row` with the flow of a later fragment; false when its first was not seen. */
  recall(key: FragmentKey, time: number, { words, v6 }: PacketRows, row: number): boolean {
    const entry = this.#find(key);
    if (entry < 0 || time - this.#written[entry] > LIFETIME_NS) return false;
    const e = this.#entries;
    const at = entry * ENTRY_WORDS;
    for (let i = 0; i < FLOW.length; i++) words[row + FLOW[i]] = e[at + ENTRY_FLOW + i];
    v6.set(e.subarray(at + ENTRY_V6, at + ENTRY_V6 + 8), v6At(row));
    words[row + FLAGS] = 0;
    return true;
  }

  #find(key: FragmentKey): number {
    const e = this.#entries;
    const set = setOf(key);
    for (let entry = set; entry < set + WAYS; entry++) {
      const at = entry * ENTRY_WORDS;
      if (e[at + ENTRY_AGE] === 0) continue;
      let i = 0;
      while (i < KEY_WORDS && e[at + i] === key[i]) i++;
      if (i === KEY_WORDS) return entry;
    }
    return -1;
  }

  #oldest(set: number): number {
    const age = (entry: number) => this.#entries[entry * ENTRY_WORDS + ENTRY_AGE];
    let oldest = set;
    for (let entry = set + 1; entry < set + WAYS; entry++) {
      if (age(entry) < age(oldest)) oldest = entry;
    }
    return oldest;
  }
}

/** First entry of a key's set. */
function setOf(key: FragmentKey): number {
  let h = 0;
  for (let i = 0; i < KEY_WORDS; i++)
    h = Math.imul((h ^ key[i]) + 0x7f4a7c15, 0x9e3779b1) ^ (h >>> 15);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) & (SETS - 1)) * WAYS;
}
