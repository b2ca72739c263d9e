/** What tunnels carry is judged like what stands outside. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checked, codes, reportOf, tcpPacket, testChecker } from "../../support/checked.ts";
import { A6, ipv6Packet, toHex } from "../../support/ipv6-packet.ts";
import { ipPacket } from "../../support/judged.ts";

const U = "198.51.100.7";
const inner = tcpPacket({
  source: "192.0.2.1",
  destination: U,
  final: "203.0.113.9",
  options: "01830704cb007109",
  flags: 16,
});
const inner6 = ipv6Packet({ next: 43, payload: `3b02 0000 00000000 ${A6}` });
const outer = (protocol: number, payload: string) =>
  ipPacket({ source: "10.0.0.1", destination: "10.0.0.2", protocol, payload });

const ETHERNET = "020000000001020000000002";
const ROWS: [string, Uint8Array, string][] = [
  ["IP in IP", outer(4, toHex(inner)), "lsrr"],
  ["6in4", outer(41, toHex(inner6)), "RH0"],
  ["GRE", outer(47, `00000800${toHex(inner)}`), "lsrr"],
  [
    "GRE with key, checksum and sequence",
    outer(47, `b00086dd${"00000000".repeat(3)}${toHex(inner6)}`),
    "RH0",
  ],
  [
    "GRE bridging a tagged frame",
    outer(47, `00006558${ETHERNET}810000050800${toHex(inner)}`),
    "lsrr",
  ],
  ["IP in IP in GRE", outer(47, `00000800${toHex(outer(4, toHex(inner)))}`), "lsrr"],
  [
    "VXLAN",
    outer(
      17,
      `c00012b5${(8 + 8 + 14 + inner.length).toString(16).padStart(4, "0")}00000800000000000100${ETHERNET}0800${toHex(inner)}`,
    ),
    "lsrr",
  ],
];

for (const [what, packet, name] of ROWS) {
  test(`${what} is entered`, () => {
    const report = checked(packet);
    assert.ok(report.options.some((option) => option.name === name));
    assert.ok(report.within?.every((step) => step === "tunnel"));
    assert.is(report.checksums.transport, name === "lsrr" ? true : null);
    assert.ok(report.verdicts.engel);
  });
}

test("options outside and inside stand in one report, each under its own header", () => {
  const packet = ipPacket({
    source: "10.0.0.1",
    destination: "10.0.0.2",
    protocol: 4,
    options: "94040000",
    payload: toHex(inner),
  });
  const report = checked(packet);
  assert.equal(
    report.options.map(({ name }) => name),
    ["router-alert"],
  );
  assert.equal(
    report.inner?.map(({ source }) => source),
    ["192.0.2.1"],
  );
  assert.equal(report.inner?.[0].within, ["tunnel"]);
});

test("what is inside may make the packet invalid", () => {
  const checker = testChecker();
  const bad = ipPacket({ destination: U, options: "83000400" });
  const report = reportOf(checker, outer(4, toHex(bad)));
  assert.ok(report && codes(report).includes("length-too-small@21"));
  assert.ok(checker.invalid);
});

test("tunnels in tunnels end after sixteen headers", () => {
  let packet = inner;
  for (let depth = 0; depth < 40; depth++) packet = outer(4, toHex(packet));
  assert.is(reportOf(testChecker(), packet), null);
});

test.run();
