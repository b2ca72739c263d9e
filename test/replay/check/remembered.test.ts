/** What is remembered from packet to packet changes nothing that is said. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Checker } from "../../../replay/check/checker.ts";
import { packetReport } from "../../../replay/check/packet-report.ts";
import { PROFILE_NAMES } from "../../../replay/check/verdicts.ts";
import { anyWorld } from "../../../replay/check/world.ts";
import { alikePackets } from "../../support/alike-packets.ts";
import { checked, testChecker } from "../../support/checked.ts";
import { viewOf } from "../../support/ipv6-packet.ts";

test("a packet is reported on as if it were the only one", () => {
  const checker = testChecker();
  for (const packet of alikePackets(7, 4_000)) {
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
  const summaries = [false, true].map((told) => {
    const checker = new Checker({
      worlds: anyWorld(),
      profiles: PROFILE_NAMES,
      judged: PROFILE_NAMES,
      all: false,
      lines: null,
    });
    for (const packet of alikePackets(11, 6_000)) {
      checker.check(viewOf(packet), 0, packet.length, packet.length);
      if (told) packetReport(checker, viewOf(packet), 1);
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
