/** What is remembered from packet to packet changes nothing that is said. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Checker } from "../../../replay/check/checker.ts";
import { packetReport } from "../../../replay/check/packet-report.ts";
import { PROFILE_NAMES } from "../../../replay/check/verdicts.ts";
import { anyWorld } from "../../../replay/check/world.ts";
import { checked, testChecker } from "../../support/checked.ts";
import { toHex, viewOf } from "../../support/ipv6-packet.ts";
import { ipPacket, type PacketFields } from "../../support/judged.ts";
import { nearOptions } from "../../support/options.ts";
import { testRandom } from "../../support/random.ts";

/** Packets that share a few option areas and differ in what a verdict may depend on. */
function packets(seed: number, count: number): Uint8Array[] {
  const random = testRandom(seed);
  const areas = Array.from({ length: 60 }, () => toHex(nearOptions(random, 4 * random.below(11))));
  areas.push("01830704c6336532", "0183070cc6336532", "01830304", "9404000094040000");
  areas.push("830704c6336532890704c6336532");
  return Array.from({ length: count }, () => {
    const protocol = random.pick([1, 6, 17]);
    const fields: PacketFields = {
      source: random.pick(["192.0.2.1", "192.0.2.2", "224.0.0.1"]),
      destination: random.pick(["198.51.100.7", "198.51.100.8"]),
      options: random.pick(areas),
      id: random.below(65536),
      ttl: random.pick([1, 2, 64]),
      fragment: random.pick([0, 0, 0, 0x2000, 5]),
      protocol,
      payload:
        protocol === 1
          ? random.pick(["0800f7ff00000000", "0301000000000000"])
          : random.pick(["04570009000a00006869", "e0000001000a00006869"]),
    };
    return ipPacket(fields);
  });
}

test("a packet is reported on as if it were the only one", () => {
  const checker = testChecker();
  for (const packet of packets(7, 4_000)) {
    checker.check(viewOf(packet), 0, packet.length, packet.length);
    const report = packetReport(checker, viewOf(packet), 1);
    if (report === null) continue;
    // What its datagram adds depends on the packets before it, and is meant to.
    const findings = report.findings.filter(({ code }) => !code.startsWith("fragment-"));
    const alone = checked(packet);
    assert.equal(
      { ...report, findings },
      { ...alone, findings: alone.findings.filter(({ code }) => !code.startsWith("fragment-")) },
    );
  }
});

test("counting and reporting come to the same summary over thousands of packets", () => {
  const summaries = [false, true].map((reports) => {
    const checker = new Checker({
      worlds: anyWorld(),
      profiles: PROFILE_NAMES,
      judged: PROFILE_NAMES,
      all: false,
      reports,
    });
    for (const packet of packets(11, 6_000)) {
      checker.check(viewOf(packet), 0, packet.length, packet.length);
    }
    checker.finish();
    const { options, findings, verdicts, invalid, withOptions, transport } = checker.summary;
    const sorted = (counts: ReadonlyMap<string, number>) => [...counts].sort();
    return {
      options: sorted(options),
      findings: sorted(findings),
      verdicts: [...verdicts].map(([name, counts]) => [name, sorted(counts)]).sort(),
      invalid,
      withOptions,
      transport,
    };
  });
  assert.equal(summaries[0], summaries[1]);
  assert.ok(summaries[0].verdicts.length === PROFILE_NAMES.length);
});

test.run();
