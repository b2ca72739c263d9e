/** Captures packed by gzip: whole, in several members, cut, damaged. */
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTrace } from "../../../traces/open.ts";
import { readPackets } from "../../support/read-packets.ts";
import { capture, sameAsCapture, sourceFiles } from "../../support/source-files.ts";

const files = sourceFiles();
const { put } = files;
test.after(() => files.remove());

test("gzip is told by content, and its members may be many", async () => {
  const one = put("not-called-gz", gzipSync(capture));
  sameAsCapture(await readPackets(await openTrace([one])));
  const cut = 100_000;
  const many = [gzipSync(capture.subarray(0, cut)), gzipSync(capture.subarray(cut))];
  const two = put("two-members.gz", Buffer.concat(many));
  sameAsCapture(await readPackets(await openTrace([two])));
});

test("of a cut gzip file, everything up to the cut is read", async () => {
  const whole = gzipSync(capture);
  const trace = await openTrace([put("cut.gz", whole.subarray(0, whole.length - 3000))]);
  const packets = await readPackets(trace);
  assert.ok(packets.length > 2970 && packets.length < 3000, `${packets.length}`);
  sameAsCapture(packets, packets.length);
  assert.is(trace.damage.length, 1);
  assert.is(trace.damage[0].expected, "gzip data");
  assert.is(trace.damage[0].packet, packets.length + 1);
  assert.is(trace.truncated, true);
});

test("of a damaged gzip file, all that stands before the damage is read", async () => {
  const checksum = gzipSync(capture);
  checksum[checksum.length - 6] ^= 1;
  const wrong = await openTrace([put("checksum.gz", checksum)]);
  sameAsCapture(await readPackets(wrong));
  assert.match(wrong.damage[0].found, "incorrect data check");

  const second = gzipSync(capture.subarray(300_000));
  second.fill(0xff, 10, 400);
  const broken = Buffer.concat([gzipSync(capture.subarray(0, 300_000)), second]);
  const trace = await openTrace([put("broken.gz", broken)]);
  const packets = await readPackets(trace);
  assert.is(packets.length, Math.floor((300_000 - 24) / 216));
  sameAsCapture(packets, packets.length);
  assert.match(trace.damage[0].found, "damaged compressed data");
});

test.run();
