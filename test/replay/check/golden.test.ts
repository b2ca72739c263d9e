/** What a person sees: whole outputs, kept as files beside the tests. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "uvu";
import { pcapBytes } from "../../support/capture-builder.ts";
import { tcpPacket } from "../../support/checked.ts";
import { runHere } from "../../support/cli.ts";
import { matchesGolden } from "../../support/golden.ts";
import { A6, ipv6Packet } from "../../support/ipv6-packet.ts";
import { ipPacket } from "../../support/judged.ts";
import { haveShared, sharedPath } from "../../support/project.ts";

const U = "198.51.100.7";
const G = "c6336532";
const ROUTE = `01830704${G}`;

const ODDITIES: readonly Uint8Array[] = [
  tcpPacket({
    source: "192.0.2.1",
    destination: U,
    final: "198.51.101.50",
    options: ROUTE,
    flags: 2,
  }),
  ipPacket({ destination: U, options: `01830b06${G}${G}` }),
  ipPacket({ destination: U, options: `830704${G}890704${G}` }),
  ipPacket({ destination: U, options: `00830704${G}` }),
  ipPacket({ destination: U, options: "9404000094040000" }),
  ipPacket({ destination: U, options: "830c040a000001" }),
  ipPacket({ destination: U, options: "0707 040a000001 4408050000000000" }),
  ipPacket({ destination: U, options: "8204 1234", fragment: 0x2000 }),
  ipv6Packet({ next: 43, payload: `3b02 0003 00000000 ${A6}` }),
  ipv6Packet({ next: 0, payload: "3b00 c204 00010000" }),
  ipv6Packet({ next: 60, payload: "3b00 9e04 00000000" }),
  ipv6Packet({ next: 135, payload: "3b00 0500 0000 0000" }),
];

test("the findings, verdicts and rulers of a dozen odd packets", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "anypin-golden-")), "odd.pcap");
  const records = ODDITIES.map((data, i) => ({ seconds: i, fraction: 0, data }));
  writeFileSync(path, pcapBytes(records, { linkType: 101 }));
  const text = await runHere(["check", "--verbose", "--profile", "all", path]);
  matchesGolden("check/odd.txt", text.out);
  const json = await runHere(["check", "--json", path]);
  matchesGolden("check/odd.jsonl", json.out);
});

for (const path of ["spec/fig1-vectors.pcap", "spec/ipv6-vectors.pcap"]) {
  if (!haveShared(path, "the output for the specification's packets")) continue;
  test(`the output for ${path}`, async () => {
    const { out } = await runHere(["check", "--profile", "all", sharedPath(path)]);
    matchesGolden(`check/${basename(path, ".pcap")}.txt`, out);
  });
}

test.run();
