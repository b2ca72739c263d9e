/** What the connection table notes in the rows of packets: their keys first, and what it tells. */
import type { Activity } from "../activity.ts";
import type { PacketRows } from "../decode/packet-rows.ts";
import * as packet from "../decode/packet-rows.ts";
import { v6At } from "../decode/packet-rows.ts";
import type { AddressBook } from "./address-book.ts";
import * as note from "./row-notes.ts";
import type { Slots } from "./slots.ts";
import * as states from "./states.ts";

// Constants of the file itself are compiled in; imported ones are loaded and checked at every use.
const { DESTINATION, KIND, KIND_V6, PAYLOAD, PORTS, ROW_SHIFT, ROW_WORDS, SOURCE } = packet;
const { END, FOUND, NO_SIDE, NOTE_HASH, NOTE_A, NOTE_B, NOTE_PORTS, SIDE } = note;
const { STATE_CLIENT_B, STATE_CLIENT_SHIFT, STATE_FOREIGN } = states;

/** 1 where x < y, both signed, else 0 (Warren, Hacker's Delight, section 2-12). */
const isLess = (x: number, y: number): number => ((x & ~y) | (~(x ^ y) & (x - y))) >>> 31;

/** A multiplicative mix with a finaliser like MurmurHash3's. */
function hashKey(a: number, b: number, ports: number, kind: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b ^ (ports << 15), 0x85ebca6b) ^ ports ^ kind;
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return h ^ (h >>> 15);
}

/**
 * Notes the keys of `count` rows. Both ways of a connection have one key: the end with the smaller
 * address first (as a signed number), with equal addresses the one with the smaller port. An IPv6
 * address is its number in `addresses`. The first record of the key's chain is noted as `FOUND`.
 */
export function noteKeys(
  packets: PacketRows,
  notes: Int32Array,
  count: number,
  addresses: AddressBook,
  { heads, mask }: Slots,
): void {
  const rows = packets.words;
  const end = count << ROW_SHIFT;
  for (let row = 0; row < end; row += ROW_WORDS) {
    if (rows[row + KIND] >= KIND_V6) numberAddresses(packets, row, addresses);
    const s = rows[row + SOURCE];
    const d = rows[row + DESTINATION];
    const p = rows[row + PORTS];
    // Which way a packet goes cannot be foretold: so nothing branches on it, but where both ends
    // have one address, which is all of the capture or nothing of it.
    let x = s;
    let y = d;
    if (s === d) {
      x = p >>> 16;
      y = p & 0xffff;
    }
    const second = isLess(y, x);
    const swap = 0 - second;
    const apart = (s ^ d) & swap;
    const ports = p ^ ((p ^ ((p << 16) | (p >>> 16))) & swap);
    notes[row + NOTE_A] = s ^ apart;
    notes[row + NOTE_B] = d ^ apart;
    notes[row + NOTE_PORTS] = ports;
    const hash = hashKey(s ^ apart, d ^ apart, ports, rows[row + KIND]);
    notes[row + NOTE_HASH] = hash;
    notes[row + FOUND] = heads[hash & mask] - 1;
    notes[row + END] = second;
  }
}

function numberAddresses({ words, v6 }: PacketRows, row: number, addresses: AddressBook): void {
  words[row + SOURCE] = addresses.number(v6, v6At(row));
  words[row + DESTINATION] = addresses.number(v6, v6At(row) + 4);
}

/** The note `SIDE` of a packet that end `end` of a connection in `state` sent. */
export function sideOf(record: number, state: number, end: number): number {
  if ((state & STATE_FOREIGN) !== 0) return NO_SIDE;
  return (record << 1) | (end ^ ((state & STATE_CLIENT_B) >> STATE_CLIENT_SHIFT));
}

/** Tells of packets `first … first + count − 1` of a group what the rows say. */
export function tellNotes(
  rows: Int32Array,
  notes: Int32Array,
  first: number,
  count: number,
  { slot, fromServer, payload }: Activity,
): void {
  for (let index = 0; index < count; index++) {
    const row = index << ROW_SHIFT;
    const side = notes[row + SIDE];
    slot[first + index] = side >> 1;
    fromServer[first + index] = side & ~(side >> 31) & 1;
    payload[first + index] = rows[row + PAYLOAD];
  }
}
