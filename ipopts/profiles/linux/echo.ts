/**
 * The options of a reply: `__ip_options_echo`, and `ip_options_undo` for what `IP_RETOPTS` shows.
 * Order of the kernel: record route, timestamp, source route, CIPSO, then EOL up to a whole word.
 */
import type { Case } from "../case.ts";
import { addressKind, UNICAST } from "./input-route.ts";

/** Copies an option of the packet behind what the reply has already; where it begins there. */
function copy(c: Case, at: number): number {
  const { verdict } = c;
  const begin = verdict.replyLength;
  const length = c.byte(at + 1);
  for (let i = 0; i < length; i++) verdict.reply[begin + i] = c.byte(at + i);
  verdict.replyLength += length;
  return begin;
}

/** False when the room left is not a whole slot. */
function echoRecord(c: Case): boolean {
  const begin = copy(c, c.recordAt);
  const length = c.byte(c.recordAt + 1);
  const pointer = c.byte(c.recordAt + 2);
  if (!c.recordWantsAddress || pointer > length) return true;
  if (pointer + 3 > length) return false;
  // A slot is kept for our own address, which shows empty until the reply is sent.
  c.verdict.replyView.setUint32(begin + pointer - 1, 0);
  return true;
}

function echoTime(c: Case): boolean {
  const begin = copy(c, c.timeAt);
  const { replyView, reply } = c.verdict;
  const length = c.byte(c.timeAt + 1);
  let pointer = c.byte(c.timeAt + 2);
  if (pointer > length) return true;
  const prespecified = (reply[begin + 3] & 15) === 3;
  let address = 0;
  let time = 0;
  if (c.timeWantsAddress) {
    if (pointer + 3 > length) return false;
    address = 4;
    pointer += 4;
  }
  if (c.timeWantsTime) {
    if (pointer + 3 > length) return false;
    if (!prespecified) {
      time = 4;
      pointer += 4;
    } else if (pointer + 7 <= length && isOwnSlot(c, begin + pointer - 1)) {
      time = 8;
      pointer += 8;
    }
  }
  reply[begin + 2] = pointer - address - time;
  if (time !== 0) replyView.setUint32(begin + pointer - 5, 0);
  if (address !== 0) replyView.setUint32(begin + pointer - time - 5, 0);
  return true;
}

const isOwnSlot = (c: Case, at: number): boolean =>
  addressKind(c.world, c.verdict.replyView.getUint32(at)) !== UNICAST;

/**
 * Reverses what was visited; a source that names itself as the first hop is left out. The first
 * hop back stands first in the list. Returns it, or -1 when no route is left.
 */
function echoRoute(c: Case): number {
  const { verdict, routeAt } = c;
  const begin = verdict.replyLength;
  const length = c.byte(routeAt + 1);
  let from = Math.min(c.byte(routeAt + 2), length + 1) - 4;
  if (from <= 3) return -1;
  let hops = 0;
  for (; from > 3; from -= 4) {
    verdict.replyView.setUint32(begin + 3 + 4 * hops, c.word(routeAt + from - 1));
    hops++;
  }
  if (c.source === c.word(routeAt + from + 3)) hops--;
  if (hops === 0) return -1;
  verdict.reply[begin] = c.byte(routeAt);
  verdict.reply[begin + 1] = 3 + 4 * hops;
  verdict.reply[begin + 2] = 4;
  verdict.replyLength += 3 + 4 * hops;
  return verdict.replyView.getUint32(begin + 3);
}

/** First hop of the echoed route when there is none, and when the options cannot be echoed. */
export const NO_HOP = -1;
export const NO_ECHO = -2;

/**
 * Writes the reply options of the packet as far as its options have been compiled, and returns the
 * first hop of the reversed route, `NO_HOP` or `NO_ECHO`. `kept` is false when only the answer is
 * wanted.
 */
export function writeEcho(c: Case, kept: boolean): number {
  const { verdict } = c;
  verdict.replyLength = 0;
  let sound = true;
  if (c.recordAt !== 0) sound = echoRecord(c);
  if (sound && c.timeAt !== 0) sound = echoTime(c);
  if (!sound) {
    verdict.replyLength = 0;
    return NO_ECHO;
  }
  const hop = c.routeAt !== 0 ? echoRoute(c) : NO_HOP;
  if (c.cipsoAt !== 0) copy(c, c.cipsoAt);
  while (verdict.replyLength & 3) verdict.reply[verdict.replyLength++] = 0;
  if (!kept) verdict.replyLength = 0;
  return hop;
}
