/** encode(decode(bytes)) is bytes, for every IPv6 codec, on well-formed and on random areas. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HEADER_OPTIONS } from "../../../ipopts/v6/header-options.ts";
import { decodeMobility, encodeMobility, mhLength } from "../../../ipopts/v6/mobility.ts";
import { MOBILITY_OPTIONS } from "../../../ipopts/v6/mobility-options.ts";
import { compressRpl, decodeRpl, encodeRpl, expandRpl } from "../../../ipopts/v6/routing-rpl.ts";
import {
  decodeSegmentRouting,
  encodeSegmentRouting,
  SEGMENT_TLVS,
} from "../../../ipopts/v6/routing-segment.ts";
import {
  decodeSourceRouting,
  encodeSourceRouting,
  reverseSourceRouting,
} from "../../../ipopts/v6/routing-source.ts";
import { decodeTlvs, encodeTlvs, type TlvFamily } from "../../../ipopts/v6/tlv.ts";
import { testRandom } from "../../support/random.ts";

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** Random option data that is mostly well formed: known types, lengths that often fit. */
function randomTlvs(random: ReturnType<typeof testRandom>, family: TlvFamily): Uint8Array {
  const area: number[] = [];
  const types = [...family.codecs.keys(), 0x9f, 0x7f];
  const items = random.below(6);
  for (let i = 0; i < items; i++) {
    const type = random.pick(types);
    area.push(type);
    if (type === 0) continue;
    const length = random.below(24);
    area.push(length, ...random.bytes(length));
  }
  if (random.below(4) === 0) area.push(...random.bytes(random.below(5)));
  return Uint8Array.from(area);
}

for (const family of [HEADER_OPTIONS, MOBILITY_OPTIONS, SEGMENT_TLVS]) {
  test(`${family.name}s read and written again are the same bytes and the same data`, () => {
    const random = testRandom(family.codecs.size);
    for (let i = 0; i < 20_000; i++) {
      const area = randomTlvs(random, family);
      const { options, tail } = decodeTlvs(family, viewOf(area), 0, area.length);
      const again = encodeTlvs(family, options);
      assert.equal([...again, ...tail], [...area]);
      assert.equal(decodeTlvs(family, viewOf(again), 0, again.length).options, options);
    }
  });
}

/** A header of 8·(1 + n) bytes whose length byte is right and all else random. */
function randomHeader(random: ReturnType<typeof testRandom>): Uint8Array {
  const units = random.below(12);
  const header = random.bytes((units + 1) * 8);
  header[1] = units;
  return header;
}

test("mobility messages of every type come back byte for byte", () => {
  const random = testRandom(135);
  for (let i = 0; i < 20_000; i++) {
    const header = randomHeader(random);
    if (random.below(3) > 0) header[2] = random.below(26);
    const decoded = decodeMobility(viewOf(header), 0);
    assert.is(mhLength(viewOf(header), 0), header.length);
    assert.equal(encodeMobility(decoded), header);
  }
});

test("routing headers of types 0, 2 and 4 come back byte for byte", () => {
  const random = testRandom(43);
  for (let i = 0; i < 20_000; i++) {
    const header = randomHeader(random);
    header[2] = random.pick([0, 2]);
    assert.equal(encodeSourceRouting(decodeSourceRouting(viewOf(header), 0)), header);
    header[2] = 4;
    if (random.below(3) > 0) header[4] = random.below(4);
    assert.equal(encodeSegmentRouting(decodeSegmentRouting(viewOf(header), 0)), header);
  }
});

test("a compressed route expands to the addresses it was made from", () => {
  const random = testRandom(6554);
  for (let i = 0; i < 5_000; i++) {
    const destination = random.bytes(16);
    const hops = Array.from({ length: 1 + random.below(6) }, () => {
      const hop = destination.slice();
      const shared = random.below(17);
      hop.set(random.bytes(16 - shared), shared);
      return hop;
    });
    const header = compressRpl(59, hops, destination);
    const wire = encodeRpl(header);
    assert.ok(wire);
    const decoded = decodeRpl(viewOf(wire), 0);
    assert.ok(decoded);
    assert.equal(expandRpl(decoded, destination), hops);
    assert.equal(encodeRpl(decoded), wire);
  }
});

test("the reverse of the reverse of a route is the route", () => {
  const random = testRandom(2460);
  for (let i = 0; i < 2_000; i++) {
    const source = random.bytes(16);
    const target = random.bytes(16);
    const visited = Array.from({ length: 1 + random.below(8) }, () => random.bytes(16));
    const arrived = {
      nextHeader: 6,
      type: 0 as const,
      segmentsLeft: 0,
      reserved: 0,
      addresses: visited,
      tail: new Uint8Array(0),
    };
    const back = reverseSourceRouting(arrived, source);
    assert.ok(back);
    assert.equal(back.header.addresses.at(-1), source);
    // What the reversed packet shows on arrival: every hop visited, in its own order.
    const seen = [back.firstHop, ...back.header.addresses.slice(0, -1)];
    const again = reverseSourceRouting({ ...arrived, addresses: seen }, target);
    assert.ok(again);
    assert.equal([again.firstHop, ...again.header.addresses], [...visited, target]);
  }
});

test("a route that has not arrived, or visited nobody, is not reversed", () => {
  const empty = { nextHeader: 6, type: 0 as const, reserved: 0, tail: new Uint8Array(0) };
  const source = new Uint8Array(16);
  assert.is(reverseSourceRouting({ ...empty, segmentsLeft: 0, addresses: [] }, source), null);
  assert.is(reverseSourceRouting({ ...empty, segmentsLeft: 1, addresses: [source] }, source), null);
});

test.run();
