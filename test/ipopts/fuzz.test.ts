/**
 * Random option areas through everything that reads them. Each area is a view of its own exact
 * size, so that a read outside it throws. `npm run fuzz:options` runs ten million.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CODECS, codecOf } from "../../ipopts/codecs.ts";
import {
  decodeOptions,
  describeOption,
  describeOptions,
  encodeOption,
  encodeOptions,
} from "../../ipopts/decode.ts";
import { insertVisitedHop, stripSourceRoute } from "../../ipopts/edit-route.ts";
import { blankForFragment, copyToFragment } from "../../ipopts/fragment.ts";
import { Judge } from "../../ipopts/profiles/judge.ts";
import { PROFILES } from "../../ipopts/profiles/profiles.ts";
import { finalDestination, findSourceRoute, nextHop } from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { ipPacket } from "../support/judged.ts";
import { nearOptions, toHex, viewOfBytes } from "../support/options.ts";
import { testRandom } from "../support/random.ts";
import { worldW } from "../support/worlds.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 100_000);
const SEED = Number(process.env.ANYPIN_SEED ?? 1);

/** Says how far it is, so that nobody takes a long run for a hung one. */
function progress(i: number): void {
  if (i > 0 && i % 1_000_000 === 0) process.stdout.write(`${i / 1_000_000} M areas\n`);
}

test("every area is walked, decoded, described and given back byte for byte", () => {
  const random = testRandom(SEED);
  for (let i = 0; i < RUNS; i++) {
    progress(i);
    const bytes = nearOptions(random, random.below(41));
    const { options, rest } = decodeOptions(viewOfBytes(bytes), 0, bytes.length);
    const again = encodeOptions(options, rest);
    if (again.length !== bytes.length || again.some((byte, n) => byte !== bytes[n])) {
      assert.is(toHex(again), toHex(bytes));
    }
    if (i % 16 === 0) describeOptions(options);
  }
});

test("every codec reads nothing but its option, and writes it again", () => {
  const random = testRandom(SEED + 1);
  const types = [...CODECS.map((codec) => codec.type).filter((type) => type > 1), 0, 30, 153, 222];
  for (let i = 0; i < RUNS; i++) {
    progress(i);
    const type = types[i % types.length];
    const length = 2 + random.below(39);
    const bytes = nearOptions(random, length);
    bytes[0] = type;
    if (type !== 0) bytes[1] = length;
    const view = viewOfBytes(bytes);
    const codec = codecOf(type);
    const fault = codec.check(view, 0, length);
    if (fault) assert.ok(fault.at >= 0 && fault.at < length);
    if (fault?.severity === "error") continue;
    const option = codec.decode(view, 0, length);
    if (i % 16 === 0) describeOption(option);
    const again = encodeOption(option);
    if (again.length !== length || again.some((byte, n) => byte !== bytes[n])) {
      assert.is(toHex(again), toHex(bytes));
    }
  }
});

test("operations refuse or change an area, and never leave it", () => {
  const random = testRandom(SEED + 2);
  const walk = new OptionWalk();
  const buffer = new Uint8Array(40);
  const view = viewOfBytes(buffer);
  const out = viewOfBytes(new Uint8Array(40));
  for (let i = 0; i < RUNS / 4; i++) {
    progress(i);
    const bytes = nearOptions(random, 4 * random.below(11));
    buffer.fill(0xa5);
    buffer.set(bytes);
    const small = viewOfBytes(bytes);
    const route = findSourceRoute(walk, small, 0, bytes.length);
    if (route >= 0) nextHop(small, route);
    copyToFragment(walk, small, 0, bytes.length, out, 0);
    blankForFragment(walk, small, 0, bytes.length);
    const inserted = insertVisitedHop(walk, view, 0, bytes.length, 0x0a000001);
    if (typeof inserted !== "number") continue;
    assert.ok(inserted <= 40 && inserted % 4 === 0);
    assert.type(stripSourceRoute(walk, view, 0, inserted), "number");
  }
});

test("every profile judges every packet, within its header and its world", () => {
  const random = testRandom(SEED + 3);
  const judge = new Judge(worldW());
  const walk = new OptionWalk();
  const destinations = ["198.51.100.7", "203.0.113.9", "192.0.3.5", "9.9.9.9", "224.0.0.1"];
  for (let i = 0; i < RUNS / 4; i++) {
    progress(i);
    const bytes = ipPacket({
      destination: random.pick(destinations),
      options: toHex(nearOptions(random, random.below(41))),
      ttl: random.below(3),
      payload: toHex(random.bytes(random.below(12))),
    });
    const view = viewOfBytes(bytes);
    const headerLength = (bytes[0] & 15) * 4;
    finalDestination(view, 0, findSourceRoute(walk, view, 20, headerLength - 20));
    for (const profile of PROFILES) {
      const verdict = judge.judge(profile, view, 0, bytes.length);
      assert.ok(verdict.replyLength <= 44 && verdict.reason !== "");
      if (verdict.action === "icmp") assert.ok(verdict.pointer <= headerLength);
    }
  }
});

test.run();
