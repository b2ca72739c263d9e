/** Packets cut and bent everywhere: no crash, nothing read outside, an answer for each. */
import { existsSync, readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPacket } from "../../../replay/check/check-batch.ts";
import { jsonFormat } from "../../../replay/check/lines/json-format.ts";
import { textFormat } from "../../../replay/check/lines/text-format.ts";
import { PROFILE_NAMES } from "../../../replay/check/verdicts.ts";
import { anyWorld } from "../../../replay/check/world.ts";
import { TraceError } from "../../../traces/errors.ts";
import { openTrace } from "../../../traces/open.ts";
import type { PacketBatch } from "../../../traces/packet-batch.ts";
import { testChecker } from "../../support/checked.ts";
import { haveShared, sharedPath } from "../../support/project.ts";
import { testRandom } from "../../support/random.ts";

const json = jsonFormat(anyWorld(), PROFILE_NAMES);
const text = textFormat(anyWorld(), { profiles: PROFILE_NAMES, verbose: true });

/** Packets of a capture that carry options or extension headers, each in a buffer of its own. */
async function oddPackets(path: string): Promise<{ data: Uint8Array; linkType: number }[]> {
  const checker = testChecker();
  const found: { data: Uint8Array; linkType: number }[] = [];
  try {
    for await (const batch of await openTrace([path])) {
      for (let i = 0; i < batch.count && found.length < 8; i++) {
        if (!checkPacket(checker, batch, i) || checker.subject < 0) continue;
        const from = batch.offset[i];
        const data = batch.bytes.slice(from, from + batch.captured[i]);
        found.push({ data, linkType: batch.linkType[i] });
      }
    }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
  }
  return found;
}

/** One packet as a batch whose buffer ends with it. */
function batchOf(data: Uint8Array, linkType: number, wire: number): PacketBatch {
  return {
    count: 1,
    bytes: data,
    view: new DataView(data.buffer, data.byteOffset, data.length),
    offset: Int32Array.of(0),
    captured: Int32Array.of(data.length),
    wire: Uint32Array.of(wire),
    time: Float64Array.of(0),
    linkType: Uint16Array.of(linkType),
    file: 0,
    firstNumber: 1,
  };
}

if (haveShared("captures/files", "cut and bent packets of real captures")) {
  const folder = sharedPath("captures/files");
  const names = readdirSync(folder).filter((name) => /^(opt|rh|mip|v6ext|tun)-/.test(name));

  test("every packet with options, cut at every byte and bent at random, gets an answer", async () => {
    const random = testRandom(3);
    let packets = 0;
    for (const name of names) {
      if (!existsSync(`${folder}/${name}`)) continue;
      const checker = testChecker();
      for (const { data, linkType } of await oddPackets(`${folder}/${name}`)) {
        for (let n = 0; n < 100; n++) {
          const bent = data.slice(0, n < 60 ? Math.min(n + 14, data.length) : data.length);
          for (let flips = random.below(4); flips > 0; flips--) {
            bent[random.below(bent.length)] = random.below(256);
          }
          const batch = batchOf(bent, linkType, data.length);
          packets++;
          if (!checkPacket(checker, batch, 0) || checker.subject < 0) continue;
          JSON.parse(json.whole(checker, batch.view, 1, undefined));
          assert.ok(text.whole(checker, batch.view, 1, undefined).endsWith("\n"));
        }
      }
      checker.finish();
    }
    assert.ok(packets > 5000, `${packets} packets`);
  });
}

test.run();
