/**
 * Damaged captures by the hundred: the reader never fails, stays within bounds, and reads everything
 * that lies before the damage. What it makes of them does not depend on how their bytes come.
 */
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceError } from "../../traces/errors.ts";
import { mutateCapture } from "../support/mutate-capture.ts";
import { haveShared, sharedPath } from "../support/project.ts";
import { testRandom } from "../support/random.ts";
import { PieceSource, type ReadPacket, readSource } from "../support/read-packets.ts";

const ROUNDS = 2000;
const FILES = "captures/files";
/** Larger captures would only repeat what smaller ones show. */
const LARGEST = 100_000;

const captures = haveShared(FILES, "damaged captures")
  ? readdirSync(sharedPath(FILES)).map((name) => {
      const bytes = readFileSync(sharedPath(`${FILES}/${name}`));
      return { name, bytes: name.endsWith(".gz") ? gunzipSync(bytes) : bytes };
    })
  : [];

/** One byte over and over: where something is missing there cannot be told. */
const AMBIGUOUS = "rh-tcpdump-hoobr_rt6_print.pcap";

/** Bytes that make a file recognised. */
const headerLength = (bytes: Uint8Array): number => (bytes[0] === 0x0a ? 28 : 24);

/** How many of `whole`'s packets end before byte `intact` of a classic capture, by walking it. */
function packetsBefore(bytes: Uint8Array, intact: number): number {
  if (bytes[0] === 0x0a) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] !== 0xa1;
  const header = view.getUint32(0, little) === 0xa1b2cd34 ? 24 : 16;
  let count = 0;
  for (let at = 24; at + header <= bytes.length; count++) {
    at += header + view.getUint32(at + 8, little);
    if (at > intact) break;
  }
  return count;
}

test(`${ROUNDS} damaged captures are read as far as they are whole`, async () => {
  const random = testRandom(1998);
  const usable = [];
  for (const { name, bytes } of captures) {
    if (name === AMBIGUOUS || bytes.length > LARGEST || bytes.length <= headerLength(bytes))
      continue;
    try {
      const { packets, damage } = await readSource(new PieceSource(bytes));
      if (damage.length === 0 && packets.length > 0) usable.push({ name, bytes, packets });
    } catch (error) {
      assert.instance(error, TraceError, name);
    }
  }
  let reached = 0;
  for (let round = 0; usable.length > 0 && round < ROUNDS; round++) {
    const { name, bytes, packets } = random.pick(usable);
    const other = random.pick(usable).bytes;
    const {
      bytes: damaged,
      intact,
      what,
    } = mutateCapture(bytes, random, other, headerLength(bytes));
    const about = `round ${round}: ${name}, ${what}`;
    const source = new PieceSource(damaged);
    const result = await readSource(source);
    assert.ok(source.longest <= 512 * 1024, `${about}: reads of ${source.longest} bytes`);
    const cut = testRandom(round);
    const most = cut.pick([1, 3, 17, 500, 5000]);
    const piecewise = await readSource(new PieceSource(damaged, () => 1 + cut.below(most)));
    assert.equal(piecewise.damage, result.damage, `${about}, in pieces of up to ${most} bytes`);
    assert.equal(piecewise.packets.map(dataOf), result.packets.map(dataOf), about);
    const whole = packetsBefore(bytes, intact);
    reached += whole;
    const early = result.packets.slice(0, whole).map(plain);
    assert.equal(early, packets.slice(0, whole).map(plain), about);
    for (const { offset } of result.damage) assert.ok(offset <= damaged.length, about);
    const known = new Set(packets.map(({ data }) => data));
    const invented = result.packets.filter(({ data }) => !known.has(data)).length;
    if (what.startsWith("cut")) assert.is(invented, 0, about);
    if (what.includes("left out")) assert.ok(invented <= 1, about);
  }
  assert.ok(usable.length === 0 || reached > ROUNDS, `${reached} packets lay before the damage`);
});

const dataOf = ({ number, data }: ReadPacket): string => `${number} ${data}`;
const plain = ({ number, time, data }: ReadPacket): string => `${number} ${time} ${data}`;

test.run();
