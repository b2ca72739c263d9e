/**
 * Where the later fragments of a datagram belong: the first one has the ports, the others only an
 * identification. A set-associative cache, so that neither memory nor time grows with the fragments
 * a capture holds; the oldest of a set makes room.
 */
import type { AddressBook } from "./address-book.ts";
import type { PacketRows } from "./packet-rows.ts";
import * as packet from "./packet-rows.ts";

const SETS = 1024;
const WAYS = 4;

/** Key: addresses as the IP header has them, identification, protocol with `KIND_V6` added. */
const SOURCE = 0;
const DESTINATION = 1;
const ID = 2;
const PROTOCOL = 3;
/** Value: the flow as `PacketRows` has it, its final addresses included. */
const KIND = 4;
const FLOW_SOURCE = 5;
const FLOW_DESTINATION = 6;
const PORTS = 7;
/** When the entry was written, by count; 0 for an empty one. */
const AGE = 8;
const WORDS = 9;

/** A datagram is reassembled within 60 s (RFC 8200 section 4.5); what comes later is another one. */
const LIFETIME_NS = 60e9;

export class FragmentTable {
  readonly #entries = new Int32Array(SETS * WAYS * WORDS);
  readonly #written = new Float64Array(SETS * WAYS);
  readonly #addresses: AddressBook;
  #age = 0;

  constructor(addresses: AddressBook) {
    this.#addresses = addresses;
  }

  /** Keeps the flow in `row`, which a first fragment seen at `time` (ns) has filled. */
  remember(key: FragmentKey, time: number, rows: PacketRows, row: number): void {
    const known = this.#find(key);
    const entry = known < 0 ? this.#oldest(setOf(key)) : known;
    this.#hold(entry, false);
    const e = this.#entries;
    const at = entry * WORDS;
    e[at + SOURCE] = key.source;
    e[at + DESTINATION] = key.destination;
    e[at + ID] = key.id;
    e[at + PROTOCOL] = key.protocol;
    e[at + KIND] = rows[row + packet.KIND];
    e[at + FLOW_SOURCE] = rows[row + packet.SOURCE];
    e[at + FLOW_DESTINATION] = rows[row + packet.DESTINATION];
    e[at + PORTS] = rows[row + packet.PORTS];
    e[at + AGE] = ++this.#age;
    this.#written[entry] = time;
    this.#hold(entry, true);
  }

  /** Fills `row` with the flow of a later fragment; false when its first was not seen. */
  recall(key: FragmentKey, time: number, rows: PacketRows, row: number): boolean {
    const entry = this.#find(key);
    if (entry < 0 || time - this.#written[entry] > LIFETIME_NS) return false;
    const at = entry * WORDS;
    const e = this.#entries;
    rows[row + packet.KIND] = e[at + KIND];
    rows[row + packet.SOURCE] = e[at + FLOW_SOURCE];
    rows[row + packet.DESTINATION] = e[at + FLOW_DESTINATION];
    rows[row + packet.PORTS] = e[at + PORTS];
    rows[row + packet.FLAGS] = 0;
    return true;
  }

  #find(key: FragmentKey): number {
    const e = this.#entries;
    const set = setOf(key);
    for (let entry = set; entry < set + WAYS; entry++) {
      const at = entry * WORDS;
      if (e[at + AGE] === 0 || e[at + ID] !== key.id || e[at + PROTOCOL] !== key.protocol) continue;
      if (e[at + SOURCE] === key.source && e[at + DESTINATION] === key.destination) return entry;
    }
    return -1;
  }

  #oldest(set: number): number {
    let oldest = set;
    for (let entry = set + 1; entry < set + WAYS; entry++) {
      if (this.#entries[entry * WORDS + AGE] < this.#entries[oldest * WORDS + AGE]) oldest = entry;
    }
    return oldest;
  }

  /** IPv6 addresses are numbers of the book, and must stay good while an entry names them. */
  #hold(entry: number, hold: boolean): void {
    const e = this.#entries;
    const at = entry * WORDS;
    if (e[at + AGE] === 0 || (e[at + KIND] & packet.KIND_V6) === 0) return;
    for (const field of [SOURCE, DESTINATION, FLOW_SOURCE, FLOW_DESTINATION]) {
      if (hold) this.#addresses.hold(e[at + field]);
      else this.#addresses.release(e[at + field]);
    }
  }
}

/** What the fragments of one datagram share (RFC 791 section 3.2, RFC 8200 section 4.5). */
export interface FragmentKey {
  source: number;
  destination: number;
  id: number;
  protocol: number;
}

/** First entry of a key's set. */
function setOf(key: FragmentKey): number {
  let h = Math.imul(key.source ^ Math.imul(key.destination, 0x85ebca6b), 0x9e3779b1) ^ key.id;
  h = Math.imul(h ^ (h >>> 15) ^ key.protocol, 0xc2b2ae35);
  return ((h ^ (h >>> 16)) & (SETS - 1)) * WAYS;
}
