/** What each policy's servers have to do, event by event. */

import { noteAhead } from "../../../traces/table/wasm/ahead.ts";
import { List, makeList, reserve } from "../../../traces/table/wasm/list.ts";
import { allocate } from "../../../traces/table/wasm/memory.ts";
import { BYTES, EVENT_BYTES, Event, OPEN, WINDOW } from "./event.ts";
import { addFewestOpen, beginFewestOpen, noteClosed, pickFewestOpen } from "./fewest-open.ts";

/** One server under one policy. */
@unmanaged
class Server {
  active: i32;
  peak: i32;
  /** Connections it was ever given, and the payload of those that have closed or told it at once. */
  connections: f64;
  payload: f64;
  /** Bytes of the current window on top of the steady rate, which is in units of `rateUnit`. */
  extra: f64;
  rate: f64;
}

const SERVER_BYTES: usize = 40;
const PICK_BYTES: usize = 2;

let policies: usize = 0;
let servers: usize = 0;
/** Bytes in a window of one unit of rate. */
let perRate: f64 = 0;

/** Policy by policy, its servers; and what they have at the end of a window. */
let all: usize = 0;
let loads: usize = 0;
let windowBytes: usize = 0;

/** Per slot and policy: the server of the connection in the slot. */
let serverOf: List = changetype<List>(0);

/** Takes `loads` in `times` windows, and `windowBytes` in `bytesTimes`. */
declare function sample(times: f64, bytesTimes: f64): void;

export function beginServers(policyCount: i32, serverCount: i32, bytesPerRate: f64): void {
  policies = policyCount;
  servers = serverCount;
  perRate = bytesPerRate;
  const cells = policies * servers;
  all = allocate(cells * SERVER_BYTES);
  loads = allocate(cells << 3);
  windowBytes = allocate(cells << 3);
  serverOf = makeList();
  beginFewestOpen(policyCount, serverCount);
}

/** From now on a policy's picks are those of `fewest-open.ts`, which also stand in order at `picks`. */
export function pickFewest(policy: i32, picks: usize): void {
  addFewestOpen(<usize>policy * PICK_BYTES, picks);
}

/** Where JavaScript finds, policy by policy, each server's load, and bytes, as doubles. */
export function loadsAt(): usize {
  return loads;
}
export function windowBytesAt(): usize {
  return windowBytes;
}

/** Makes room for slots below `slots`; returns where picks are, for each slot each policy's. */
export function picksOf(slots: i32): usize {
  reserve(serverOf, <usize>slots * policies * PICK_BYTES);
  return serverOf.first;
}

function pickOf(slot: u32): usize {
  return serverOf.first + <usize>slot * policies * PICK_BYTES;
}

/** Slots from here on are new: memory read before it is written to costs two page faults for one. */
let noted: u32 = 0;

/** Reads where picks for `count` slots are to be noted. */
export function readPicks(slots: usize, count: i32): void {
  let sum: u32 = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    const slot = load<u32>(slots + (i << 2));
    if (slot < noted) sum ^= load<u16>(pickOf(slot));
    else noted = slot + 1;
  }
  noteAhead(sum);
}

/** Notes the `count` picks of a policy for the connections in `slots`; there is room for them. */
export function place(policy: i32, picks: usize, slots: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const pick = load<u16>(picks + i * PICK_BYTES);
    store<u16>(pickOf(load<u32>(slots + (i << 2))) + <usize>policy * PICK_BYTES, pick);
  }
}

/** The server that is picked at `pick`, of the policy whose servers begin at `own`. */
function server(own: usize, pick: usize): Server {
  return changetype<Server>(own + <usize>load<u16>(pick) * SERVER_BYTES);
}

/** Events whose picks are read ahead: few enough that they stay cached. */
const AHEAD_BYTES: usize = 256 * EVENT_BYTES;

/** Runs every policy over `count` events; there is room for all their slots. */
export function account(events: usize, count: i32): void {
  const end = events + <usize>count * EVENT_BYTES;
  for (let at = events; at < end; at += AHEAD_BYTES) {
    const until = min(end, at + AHEAD_BYTES);
    let sum: u32 = 0;
    for (let each = at; each < until; each += EVENT_BYTES) {
      sum ^= load<u16>(pickOf(changetype<Event>(each).code >> 2));
    }
    noteAhead(sum);
    accountSome(at, until);
  }
}

function accountSome(events: usize, end: usize): void {
  for (let at = events; at < end; at += EVENT_BYTES) {
    const event = changetype<Event>(at);
    const kind = event.code & 3;
    if (kind === WINDOW) endWindows(event.bytes);
    else if (kind === BYTES) move(event);
    else if (kind === OPEN) open(event);
    else close(event);
  }
}

function move(event: Event): void {
  let pick = pickOf(event.code >> 2);
  const end = pick + policies * PICK_BYTES;
  for (let own = all; pick < end; own += servers * SERVER_BYTES) {
    server(own, pick).extra += event.bytes;
    pick += PICK_BYTES;
  }
}

function open(event: Event): void {
  let pick = pickOf(event.code >> 2);
  pickFewestOpen(pick);
  const end = pick + policies * PICK_BYTES;
  for (let own = all; pick < end; own += servers * SERVER_BYTES) {
    const picked = server(own, pick);
    picked.connections++;
    const active = picked.active + 1;
    picked.active = active;
    picked.peak = max(active, picked.peak);
    add(picked, event);
    pick += PICK_BYTES;
  }
}

function close(event: Event): void {
  let pick = pickOf(event.code >> 2);
  noteClosed(pick);
  const end = pick + policies * PICK_BYTES;
  for (let own = all; pick < end; own += servers * SERVER_BYTES) {
    const picked = server(own, pick);
    picked.active--;
    add(picked, event);
    pick += PICK_BYTES;
  }
}

function add(picked: Server, event: Event): void {
  picked.extra += event.bytes;
  picked.rate += event.rate;
  picked.payload += event.payload;
}

/** `times` windows end, with nothing happening in between. */
function endWindows(times: f64): void {
  sum();
  sample(times, 1);
  const end = all + policies * servers * SERVER_BYTES;
  for (let at = all; at < end; at += SERVER_BYTES) changetype<Server>(at).extra = 0;
  if (times === 1) return;
  sum();
  sample(0, times - 1);
}

function sum(): void {
  const cells = policies * servers;
  for (let cell: usize = 0; cell < cells; cell++) {
    const one = changetype<Server>(all + cell * SERVER_BYTES);
    store<f64>(loads + (cell << 3), <f64>one.active);
    const bytes = one.extra + one.rate * perRate;
    // What a rate that came and went in one window leaves behind is rounding, not traffic.
    store<f64>(windowBytes + (cell << 3), bytes > 1e-3 ? bytes : 0);
  }
}

function one(policy: i32, index: i32): Server {
  return changetype<Server>(all + (<usize>policy * servers + <usize>index) * SERVER_BYTES);
}

/** What one server came to. */
export function connectionsOf(policy: i32, index: i32): f64 {
  return one(policy, index).connections;
}
export function peakOf(policy: i32, index: i32): i32 {
  return one(policy, index).peak;
}
export function payloadOf(policy: i32, index: i32): f64 {
  return one(policy, index).payload;
}
