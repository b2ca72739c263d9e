/** What other tools let pass: each finding of the checker with the byte it points at. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checked, codes, reportOf, testChecker } from "../../support/checked.ts";
import { ipv6Packet } from "../../support/ipv6-packet.ts";
import { ipPacket } from "../../support/judged.ts";

const U = "198.51.100.7";
const G = "c6336532";

/** Options, the findings expected, and whether engel calls the packet invalid. */
const ROWS: [string, string, string[]][] = [
  ["a loose route is clean", `01830704${G}`, []],
  ["a duplicate option", "9404000094040000", ["option-twice@24"]],
  ["a loose and a strict route together", `830704${G}890704${G}`, ["source-route-twice@27"]],
  ["two loose routes", `830704${G}830704${G}`, ["source-route-twice@27"]],
  ["a record route twice", "0707040000000007070400000000", ["option-twice@27"]],
  [
    "a route behind the end of the list",
    `00830704${G}`,
    ["padding-not-zero@21", "option-hidden@21"],
  ],
  ["a pointer below the first slot", `01830703${G}`, ["pointer-below-minimum@23"]],
  ["a pointer between slots", `01830b06${G}${G}`, ["pointer-not-on-slot@23"]],
  ["a length that runs past the header", "830c040a000001", ["length-too-large@21"]],
  ["a length of zero", "83000400", ["length-too-small@21"]],
  ["a type without a length", "01010183", ["no-length@23"]],
  ["the source as its own first hop", "01830704c0000201", ["route-names-source@24"]],
  ["a group as a hop", "01830704e0000005", ["route-not-unicast@24"]],
  ["a deprecated stream id", "88040000", ["option-deprecated@20"]],
];

for (const [what, options, expected] of ROWS) {
  test(`${what}: ${expected.join(", ") || "no finding"}`, () => {
    const report = checked(ipPacket({ destination: U, options }));
    assert.equal(codes(report), expected);
    for (const { source, severity, message } of report.findings) {
      assert.match(source, /^(RFC \d+|net\/|sys\/|Linux|IANA)/);
      assert.match(severity, /^(error|warning|note)$/);
      assert.ok(message.length > 0);
    }
    assert.ok(report.reencodes, "what was read is written again");
  });
}

const ALL_NODES = "ff020000000000000000000000000001";
const HOP = "20010db8000000000000000000000001";
const V6_ROWS: [string, number, string, string[]][] = [
  ["a router alert is clean", 0, "3b00 0502 0000 0100", []],
  [
    "a hop-by-hop header behind another",
    60,
    "0000 0104 00000000 3b00 0104 00000000",
    ["hop-by-hop-not-first@40"],
  ],
  ["an option past its header", 60, "3b00 1f09 00000000", ["option-overrun@43"]],
  ["padding that is not zero", 60, "3b00 0104 00000100", ["padding-not-zero@46"]],
  ["an option in the wrong header", 60, "3b00 0502 0000 0100", ["option-misplaced@42"]],
  ["a router alert of four bytes", 0, "3b00 0504 00000000", ["length-wrong@43"]],
  ["a jumbo length beside a payload length", 0, "3b00 c204 00010000", ["jumbo-with-length@42"]],
  ["a home address off its alignment", 60, `3b02 c910 ${HOP} 0102 0000`, ["option-misaligned@42"]],
  [
    "a type 0 route of odd length",
    43,
    "3b01 0001 00000000 0000000000000000",
    ["routing-deprecated@42", "routing-length-odd@41"],
  ],
  [
    "more segments left than addresses",
    43,
    `3b02 0002 00000000 ${HOP}`,
    ["routing-deprecated@42", "segments-left-too-large@43"],
  ],
  ["a group in a segment list", 43, `3b02 0401 00000000 ${ALL_NODES}`, ["multicast-in-route@48"]],
  ["a last entry beyond the list", 43, `3b02 0400 05000000 ${HOP}`, ["last-entry-too-large@44"]],
  [
    "a type 2 route with two segments left",
    43,
    `3b02 0202 00000000 ${HOP}`,
    ["segments-left-wrong@43"],
  ],
  ["an extension header past the payload", 43, "3b05 0000 00000000", ["header-overrun@40"]],
  ["an unknown routing type", 43, "3b00 6300 00000000", ["routing-unknown@42"]],
];

for (const [what, next, payload, expected] of V6_ROWS) {
  test(`IPv6: ${what}: ${expected.join(", ") || "no finding"}`, () => {
    const report = checked(ipv6Packet({ next, payload }));
    assert.equal(codes(report), expected);
  });
}

test("mobility: a message that carries another header, and one that is too short", () => {
  const carrying = checked(ipv6Packet({ next: 135, payload: "0600 0000 0000 0000" }));
  assert.ok(codes(carrying).includes("payload-protocol-wrong@40"));
  const short = checked(ipv6Packet({ next: 135, payload: "3b00 0500 0000 0000" }));
  assert.ok(codes(short).includes("mobility-too-short@41"));
});

test("a header that the capture cuts is unknown, not malformed", () => {
  const packet = ipPacket({ destination: U, options: `01830704${G}` });
  const report = checked(packet, 25);
  assert.equal(codes(report), ["header-cut@25"]);
  assert.equal(report.verdicts, {});
  assert.equal(report.checksums, { ip: null, transport: null });
});

test("a malformed option is shown with what it holds", () => {
  const { options } = checked(ipPacket({ destination: U, options: `01830b06${G}${G}` }));
  assert.is(options[1].pointer, 6);
  assert.equal(options[1].addresses, ["198.51.101.50", "198.51.101.50"]);
});

test("a fragment that lost a copied option, or kept another, is named", () => {
  const checker = testChecker();
  const piece = (fragment: number, options: string) =>
    ipPacket({ destination: U, fragment, options });
  const first = piece(0x2000, `01830704${G}`);
  assert.equal(codes(reportOf(checker, first) ?? checked(first)), []);
  assert.equal(codes(reportOf(checker, piece(0x2001, `01830704${G}`)) ?? checked(first)), []);
  assert.equal(codes(reportOf(checker, piece(2, "")) ?? checked(first)), [
    "fragment-lost-option@20",
  ]);
  const recorded = reportOf(checker, piece(3, `01830704${G}0707040000000000`));
  assert.ok(recorded && codes(recorded).includes("fragment-copied-option@28"));
});

test("the verdicts are those of the kernels", () => {
  const { verdicts } = checked(ipPacket({ destination: U, options: "83000400" }));
  assert.equal(verdicts.engel.icmp, { type: 12, code: 0, pointer: 21 });
  assert.equal(verdicts.linux.icmp, { type: 12, code: 0, pointer: 20 });
  const forwarded = checked(ipPacket({ destination: U, options: `01830704${G}` }));
  assert.is(forwarded.verdicts.linux.action, "forward");
  assert.is(forwarded.verdicts.linux.dev, "any");
  assert.match(forwarded.verdicts.linux.header ?? "", /^47.*c633653201830708c6336407$/);
});

test.run();
