/** Packets that ICMP errors quote: read, told, and no packet that a kernel gets. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PacketReport } from "../../../replay/check/report.ts";
import { capture, check, linesOf } from "../../support/check-command.ts";
import { tcpPacket } from "../../support/checked.ts";
import { ipPacket } from "../../support/judged.ts";

const U = "198.51.100.7";
const misaligned = tcpPacket({
  source: "192.0.2.1",
  destination: U,
  final: "198.51.101.50",
  options: "01830b06c6336532c6336532",
  flags: 16,
});

/** An ICMP parameter problem from U that quotes the first 40 bytes of a packet. */
function quoting(quoted: Uint8Array): Uint8Array {
  const quote = quoted.slice(0, 40);
  const icmp = new Uint8Array(8 + quote.length);
  icmp.set([12, 0, 0, 0, 23]);
  icmp.set(quote, 8);
  let sum = 0;
  for (let i = 0; i < icmp.length; i += 2) sum += (icmp[i] << 8) | icmp[i + 1];
  sum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  icmp.set([sum >>> 8, sum & 255], 2);
  const payload = Buffer.from(icmp).toString("hex");
  return ipPacket({ source: U, destination: "192.0.2.1", protocol: 1, payload });
}

test("a quoted packet is judged as a quote: seen, but not held against the one that quotes it", async () => {
  const path = capture("quote.pcap", [quoting(misaligned)]);
  const { out, status } = await check("--json", path);
  const [report] = linesOf(out) as PacketReport[];
  assert.is(status, 0);
  assert.equal(report.within, ["icmp"]);
  assert.is(report.source, "192.0.2.1");
  assert.is(report.findings[0].code, "pointer-not-on-slot");
  assert.ok(report.findings.every(({ severity }) => severity === "note"));
  assert.is(report.invalid, false);
});

test("the verdicts on a quote are those on the ICMP error around it, in text as in JSON", async () => {
  const path = capture("around.pcap", [quoting(misaligned)]);
  const [report, last] = linesOf((await check("--json", path)).out) as [
    PacketReport,
    { summary: { verdicts: Record<string, Record<string, number>> } },
  ];
  for (const profile of ["engel", "linux", "bsd44", "freebsd"]) {
    assert.is(report.verdicts[profile].action, "accept", profile);
    assert.is(report.verdicts[profile].destination, "192.0.2.1", profile);
    assert.equal(last.summary.verdicts[profile], { accept: 1 }, profile);
  }
  const text = (await check(path)).out;
  assert.match(text, /^#1 \[icmp\] 192\.0\.2\.1 > .* {2}outside: engel accept 192\.0\.2\.1\n/);
  assert.match(text, /\n {2}engel {6}accept 1\n$/);
});

test.run();
