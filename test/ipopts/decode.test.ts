import { test } from "uvu";
import * as assert from "uvu/assert";
import { codecOf } from "../../ipopts/codecs.ts";
import { decodeOptions, describeOptions, encodeOptions } from "../../ipopts/decode.ts";
import { hex, nearOptions, toHex, viewOfBytes } from "../support/options.ts";
import { testRandom } from "../support/random.ts";

const decode = (bytes: Uint8Array) => decodeOptions(viewOfBytes(bytes), 0, bytes.length);

/** What each option reads as, and what is to say about it. */
const CASES: [bytes: string, line: string, faults?: string][] = [
  ["01 83 0b 08 c6336432 c633643c", "NOP; LSRR {198.51.100.50, >>198.51.100.60}"],
  ["89 07 08 c6336432 00", "SSRR {198.51.100.50>>}; EOL"],
  ["83 07 ff c6336432 00", "LSRR {198.51.100.50>>} pointer 255; EOL"],
  ["83 03 04 00", "LSRR {>>}; EOL", "route-empty@1"],
  ["83 07 03 c6336432 00", "lsrr malformed 03c6336432; EOL", "pointer-below-minimum@2"],
  [
    "83 0b 06 c6336432 c6336432 00",
    "lsrr malformed 06c6336432c6336432; EOL",
    "pointer-not-on-slot@2",
  ],
  ["83 08 08 c6336432 aa", "lsrr malformed 08c6336432aa", "slot-cut@2"],
  ["83 08 09 c6336432 aa", "lsrr malformed 09c6336432aa", "length-not-whole-slots@1"],
  ["07 0b 08 0a000001 00000000 00", "RR {10.0.0.1, >>0.0.0.0}; EOL"],
  ["44 08 05 00 00000000", "TS timestamps {>>0 ms}"],
  ["44 0c 0d 21 0a000001 000003e8", "TS addresses {10.0.0.1 1000 ms} overflow 2"],
  ["44 0c 05 03 0a000001 80000007", "TS prespecified {>>10.0.0.1 nonstandard 7}"],
  ["44 08 05 05 00000000", "TS unknown {}", "timestamp-flag-unknown@3"],
  ["94 04 00 00", "router alert 0"],
  ["94 04 00 05", "router alert 5", "router-alert-value@2"],
  ["82 04 3d 80", "security top secret (GENSER)"],
  ["82 04 ab 00", "security unclassified"],
  ["82 0b d788 0000 0000 000000 00", "security secret; EOL"],
  ["82 05 ab 00 00 00 00 00", "security malformed ab0000; EOL", "authority-flags-length@3"],
  ["85 05 07 0102 00 00 00", "extended security format 7 0102; EOL"],
  ["86 0a 00000003 01 04 00 05 00 00", "CIPSO domain 3 tag 1 level 5 0005; EOL"],
  [
    "86 0a 00000000 01 04 00 05 00 00",
    "cipso malformed 0000000001040005; EOL",
    "cipso-domain-zero@2",
  ],
  ["88 04 00 07", "stream id 7 [deprecated, RFC 6814]", "option-deprecated@0"],
  ["0b 04 05 dc", "MTU probe 1500 [deprecated, RFC 6814]", "option-deprecated@0"],
  ["0c 04 02 40", "MTU reply 576 [deprecated, RFC 6814]", "option-deprecated@0"],
  [
    "52 0c 0007 0003 ffff c0000201",
    "traceroute 7 from 192.0.2.1, 3 hops out [deprecated, RFC 6814]",
    "option-deprecated@0",
  ],
  ["95 06 0a000001 0000", "SDB {10.0.0.1} [deprecated, RFC 6814]; EOL", "option-deprecated@0"],
  [
    "93 0a 00000001 00000002 00 00",
    "address extension 00000001 -> 00000002 [deprecated, RFC 6814]; EOL",
    "option-deprecated@0",
  ],
  ["98 04 01 02", "upstream multicast 0102 [deprecated, RFC 6814]", "option-deprecated@0"],
  ["19 08 04 40 00000005", "quick-start request 640 kbit/s, TTL 64"],
  ["99 04 01 02", "option 153 (number 25, control, copied) 0102", "option-unknown@0"],
  [
    "8e 04 01 02",
    "VISA (number 14, control, copied) 0102 [deprecated, RFC 6814]",
    "option-deprecated@0",
  ],
  [
    "83 07 08 c6336432 89 07 08 c633643c 00 00",
    "LSRR {198.51.100.50>>}; SSRR {198.51.100.60>>}; EOL",
    "source-route-twice@7",
  ],
  ["01 01 01 83", "NOP; NOP; NOP", "no-length@3"],
  ["00 83 07 04", "EOL + 830704", "padding-not-zero@1"],
];

for (const [bytes, line, faults = ""] of CASES) {
  test(`reads ${bytes} as ${line}${faults && `, with ${faults}`}`, () => {
    const decoded = decode(hex(bytes));
    assert.is(describeOptions(decoded.options), line);
    assert.is(decoded.faults.map((fault) => `${fault.code}@${fault.at}`).join(" "), faults);
    assert.is(toHex(encodeOptions(decoded.options, decoded.rest)), toHex(hex(bytes)));
  });
}

test("gives every area back byte for byte, valid or not", () => {
  const random = testRandom(21);
  for (let i = 0; i < 20000; i++) {
    const bytes = nearOptions(random, random.below(41));
    const { options, rest } = decode(bytes);
    assert.is(toHex(encodeOptions(options, rest)), toHex(bytes));
  }
});

test("decodes what it encoded to the same option", () => {
  const random = testRandom(22);
  for (let i = 0; i < 20000; i++) {
    const { options } = decode(nearOptions(random, random.below(41)));
    const again = decode(encodeOptions(options)).options;
    assert.equal(again, options);
  }
});

test("says of every deprecated option which document deprecated it", () => {
  const deprecated = Array.from({ length: 256 }, (_, type) => codecOf(type))
    .filter((codec) => codec.deprecated === "RFC 6814")
    .map((codec) => codec.type);
  assert.equal(deprecated, [11, 12, 15, 82, 136, 142, 145, 147, 149, 151, 152]);
});

test("refuses fields that no header can hold", () => {
  const addresses = new Array<number>(10).fill(1);
  assert.throws(
    () => codecOf(131).encode({ type: 131, name: "lsrr", pointer: 4, addresses }),
    /43/,
  );
  assert.throws(() => codecOf(148).encode({ type: 148, name: "router-alert" }), /field value/);
  assert.throws(
    () => codecOf(68).encode({ type: 68, name: "ts", value: { flag: 1, timestamps: [1] } }),
    /0 addresses/,
  );
});

test.run();
