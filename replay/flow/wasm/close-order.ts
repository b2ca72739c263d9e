/**
 * A window's closes in order of time, equal ones as they stand: a natural merge sort, since they
 * arrive in a few long ascending runs.
 */
import { append, List, reserve } from "../../../traces/table/wasm/list.ts";

@unmanaged
export class Closed {
  time: f64;
  payload: f64;
  slot: i32;
  /** It opens at this very time, too. */
  instant: bool;
}

export const CLOSED_BYTES: usize = 24;
const POINTER: usize = 4;

function timeAt(place: usize): f64 {
  return changetype<Closed>(place).time;
}

/** Sorts `closes`; the other two lists are room to work in. */
export function sortByTime(closes: List, other: List, runs: List): void {
  findRuns(closes, runs);
  if (runs.used <= 2 * POINTER) return;
  reserve(other, closes.used);
  while (runs.used > 2 * POINTER) mergeRuns(closes, other, runs);
}

/** Where each ascending run begins, as a distance from the first close, and where the last ends. */
function findRuns(closes: List, runs: List): void {
  runs.used = 0;
  store<usize>(append(runs, POINTER), 0);
  let before = -Infinity;
  for (let at: usize = 0; at < closes.used; at += CLOSED_BYTES) {
    const time = timeAt(closes.first + at);
    if (time < before) store<usize>(append(runs, POINTER), at);
    before = time;
  }
  store<usize>(append(runs, POINTER), closes.used);
}

function run(runs: List, index: usize): usize {
  return load<usize>(runs.first + index * POINTER);
}

/** Merges every two neighbours among the runs into `other`, which then is the list. */
function mergeRuns(closes: List, other: List, runs: List): void {
  const count = runs.used / POINTER - 1;
  let merged: usize = 0;
  for (let left: usize = 0; left < count; left += 2) {
    const begin = run(runs, left);
    const middle = run(runs, left + 1);
    const end = left + 2 > count ? middle : run(runs, left + 2);
    merge(closes.first, other.first, begin, middle, end);
    store<usize>(runs.first + merged++ * POINTER, begin);
  }
  store<usize>(runs.first + merged++ * POINTER, closes.used);
  runs.used = merged * POINTER;
  const first = closes.first;
  const room = closes.room;
  closes.first = other.first;
  closes.room = other.room;
  other.first = first;
  other.room = room;
}

function merge(from: usize, into: usize, begin: usize, middle: usize, end: usize): void {
  let left = begin;
  let right = middle;
  for (let at = begin; at < end; at += CLOSED_BYTES) {
    if (left < middle && (right >= end || timeAt(from + left) <= timeAt(from + right))) {
      copyClosed(into + at, from + left);
      left += CLOSED_BYTES;
    } else {
      copyClosed(into + at, from + right);
      right += CLOSED_BYTES;
    }
  }
}

/** Field by field: `memory.copy` is a call into the engine, dear for so few bytes. */
function copyClosed(to: usize, from: usize): void {
  const source = changetype<Closed>(from);
  const target = changetype<Closed>(to);
  target.time = source.time;
  target.payload = source.payload;
  target.slot = source.slot;
  target.instant = source.instant;
}
