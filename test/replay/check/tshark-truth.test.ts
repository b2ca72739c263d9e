/** Decoded options and headers equal tshark's, file by file; every difference stands below. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPacket } from "../../../replay/check/check-batch.ts";
import { packetReport } from "../../../replay/check/packet-report.ts";
import { TraceError } from "../../../traces/errors.ts";
import { openTrace } from "../../../traces/open.ts";
import { testChecker } from "../../support/checked.ts";
import { haveShared, sharedPath } from "../../support/project.ts";
import { ourFacts, tsharkFacts } from "../../support/tshark-facts.ts";

/** Why we decode a frame otherwise than tshark does. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "mip-zeek-ipv6-mobility-dst-opts.pcap#1":
    "option 202 claims 144 bytes of a header that has 18 left: tshark shows it and breaks off, we stop before it",
  "mip-zeek-ipv6-mobility-dst-opts.pcap#2":
    "the header claims more than the payload: tshark reads its options from what follows, we do not",
  "mip-zeek-ipv6-mobility-dst-opts.pcap#3":
    "a home address of one byte: tshark reads sixteen bytes and stops, we take one and read on",
  "opt-pcpp-ip4_bad_fragment.pcap#1":
    "the capture ends inside the header: tshark shows none of its options, we show those that are there",
  "opt-tcpdump-ip_printroute_asan.pcap#1":
    "the capture ends inside the header: tshark shows none of its options, we show those that are there",
  "rh-tcpdump-ipv6-rthdr-oobr.pcap#1":
    "the capture ends behind the routing header's fixed bytes: tshark shows those, we show whole headers only",
  "web-suricata-output-eve-ftp-data_input.pcap":
    "the truth holds the IPv4 frames only; asked for the IPv6 ones, tshark shows the router alerts we show",
};

/** Facts of each frame that has any, by number. */
async function oursOf(path: string): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>();
  const checker = testChecker();
  for await (const batch of await openTrace([path])) {
    for (let i = 0; i < batch.count; i++) {
      if (!checkPacket(checker, batch, i)) continue;
      const number = batch.firstNumber + i;
      const report = packetReport(checker, batch.view, number);
      if (report) found.set(number, ourFacts(report).sort());
    }
  }
  return found;
}

interface Frame {
  _source: { layers: { frame: Record<string, string> } };
}

function theirsOf(path: string): Map<number, string[]> {
  const frames: Frame[] = JSON.parse(readFileSync(path, "utf8"));
  return new Map(
    frames.map(({ _source: { layers } }) => [
      Number(layers.frame["frame.number"]),
      tsharkFacts(layers).sort(),
    ]),
  );
}

/** Frames whose facts differ: `number: only tshark …; only we …`. */
function differences(
  ours: Map<number, string[]>,
  theirs: Map<number, string[]>,
): Map<number, string> {
  const found = new Map<number, string>();
  for (const number of new Set([...ours.keys(), ...theirs.keys()])) {
    const a = theirs.get(number) ?? [];
    const b = ours.get(number) ?? [];
    if (a.join("\n") === b.join("\n")) continue;
    const left = a.filter((fact) => !b.includes(fact));
    const right = b.filter((fact) => !a.includes(fact));
    found.set(number, `tshark {${left.join("; ")}} we {${right.join("; ")}}`);
  }
  return found;
}

if (haveShared("captures/truth", "decoded fields beside tshark's")) {
  const suffix = ".tshark.json";
  const names = readdirSync(sharedPath("captures/truth"))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));

  for (const name of names) {
    const capture = sharedPath(`captures/files/${name}`);
    if (!existsSync(capture)) continue;
    test(`${name}: decoded fields are tshark's, or the difference is explained`, async () => {
      let ours = new Map<number, string[]>();
      try {
        ours = await oursOf(capture);
      } catch (error) {
        if (!(error instanceof TraceError)) throw error;
      }
      const theirs = theirsOf(sharedPath(`captures/truth/${name}${suffix}`));
      const unexplained = [...differences(ours, theirs)]
        .filter(([number]) => !(`${name}#${number}` in DIFFERENT) && !(name in DIFFERENT))
        .map(([number, text]) => `#${number}: ${text}`);
      assert.equal(unexplained, []);
    });
  }
}

test.run();
