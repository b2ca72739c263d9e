/**
 * Random extension-header chains through everything that reads them. Each packet is a view of its
 * own exact size, so that a read outside it throws. `npm run fuzz:options` runs ten million.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ExtensionChain } from "../../../ipopts/v6/chain.ts";
import { HEADER_OPTIONS } from "../../../ipopts/v6/header-options.ts";
import { inspectV6 } from "../../../ipopts/v6/inspect.ts";
import { judgeV6 } from "../../../ipopts/v6/judge.ts";
import { V6_PROFILES } from "../../../ipopts/v6/profiles.ts";
import { reencodesV6 } from "../../../ipopts/v6/reencode.ts";
import { openV6World } from "../../../ipopts/v6/world.ts";
import { formatV6At } from "../../../stack/wire/address.ts";
import { viewOf } from "../../support/ipv6-packet.ts";
import { type TestRandom, testRandom } from "../../support/random.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 50_000);
const SEED = Number(process.env.ANYPIN_SEED ?? 1);

const HEADERS = [0, 43, 44, 51, 60, 60, 43, 135, 139, 140];
const OPTION_TYPES = [...HEADER_OPTIONS.codecs.keys(), 0x9f, 0x5f];

/** A packet whose chain is mostly sound and sometimes lies about a length or a type. */
function nearChain(random: TestRandom): Uint8Array {
  const headers = random.below(4);
  const parts: Uint8Array[] = [random.bytes(40)];
  let next = random.pick(HEADERS);
  const fixed = parts[0];
  fixed[0] = 0x60;
  fixed[6] = next;
  for (let i = 0; i < headers; i++) {
    const units = random.below(5);
    const body = random.bytes(next === 44 ? 8 : 8 * (units + 1));
    const following = i === headers - 1 ? random.pick([6, 17, 58, 59, 41]) : random.pick(HEADERS);
    body[0] = next === 135 ? 59 : following;
    if (next !== 44) body[1] = next === 51 ? 2 * units : units;
    if (next === 43) {
      body[2] = random.below(6);
      body[3] = random.below(6);
      body[4] = random.below(4);
    }
    if (next === 135) body[2] = random.below(12);
    if (next === 0 || next === 60) fillOptions(random, body);
    parts.push(body);
    next = following;
  }
  const packet = Uint8Array.from(Buffer.concat(parts));
  viewOf(packet).setUint16(4, packet.length - 40);
  if (random.below(4) === 0) packet[random.below(packet.length)] = random.below(256);
  return packet;
}

function fillOptions(random: TestRandom, body: Uint8Array): void {
  for (let at = 2; at < body.length; ) {
    const type = random.pick(OPTION_TYPES);
    body[at++] = type;
    if (type === 0 || at === body.length) continue;
    const length = random.below(Math.min(20, body.length - at));
    body[at] = length;
    at += 1 + length;
  }
}

function progress(i: number): void {
  if (i > 0 && i % 1_000_000 === 0) process.stdout.write(`${i / 1_000_000} M chains\n`);
}

test("every chain is walked, inspected, judged and written again", () => {
  const random = testRandom(SEED);
  const chain = new ExtensionChain();
  for (let i = 0; i < RUNS; i++) {
    progress(i);
    const packet = nearChain(random);
    const captured = random.below(3) === 0 ? 40 + random.below(packet.length - 39) : packet.length;
    const view = viewOf(packet.slice(0, captured));
    chain.start(view, 0, captured, packet.length);
    let headers = 0;
    while (chain.next()) headers++;
    if (headers > packet.length / 8) assert.unreachable(`${headers} headers`);
    const again = reencodesV6(view, 0, captured, packet.length);
    if (chain.fault === null) assert.ok(again);
    // What makes objects for people is slower, and reads no other bytes.
    if (i % 8 > 0) continue;
    const { items } = inspectV6(view, 0, captured, packet.length, formatV6At);
    for (const { offset, length } of items) assert.ok(offset + length <= captured);
    const profile = random.pick(V6_PROFILES);
    judgeV6(profile, openV6World(view, 24), view, 0, captured, packet.length);
  }
});

test.run();
