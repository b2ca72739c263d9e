/** IPv6 headers against bytes written down elsewhere: RFC figures and the specification. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ExtensionChain } from "../../../ipopts/v6/chain.ts";
import {
  alignOptions,
  encodeOptionsHeader,
  HEADER_OPTIONS,
  unknownAction,
} from "../../../ipopts/v6/header-options.ts";
import { decodeMobility } from "../../../ipopts/v6/mobility.ts";
import { finalDestinationAt } from "../../../ipopts/v6/routing.ts";
import { advanceSegmentRouting } from "../../../ipopts/v6/routing-segment.ts";
import { advanceSourceRouting, decodeSourceRouting } from "../../../ipopts/v6/routing-source.ts";
import { describeTlv, TlvWalk } from "../../../ipopts/v6/tlv.ts";
import { formatV6At } from "../../../stack/wire/address.ts";

const A6 = "20010db8000a00000000000000000009";
const U6 = "20010db8010000000000000000000007";
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const viewOf = (area: Uint8Array) => new DataView(area.buffer, area.byteOffset, area.length);
const toHex = (area: Uint8Array) => Buffer.from(area).toString("hex");

test("a home address option is padded to 8n + 6 as RFC 6275 section 6.3 has it", () => {
  const options = alignOptions([{ type: 0xc9, fields: { address: bytes(A6) } }]);
  const header = encodeOptionsHeader({ nextHeader: 6, options });
  assert.ok(header);
  assert.is(toHex(header), `060201020000c910${A6}`);
});

test("options that do not fill eight bytes are refused", () => {
  assert.is(encodeOptionsHeader({ nextHeader: 6, options: [{ type: 0, fields: {} }] }), null);
});

test("a walk names each option and stops at the byte that lies", () => {
  const rows: [string, string[], string | null, number][] = [
    ["0502 0000 0100", ["router-alert value=0", "PadN(2)"], null, 6],
    ["00 00 c204 00010000", ["Pad1", "Pad1", "jumbo payloadLength=65536"], null, 8],
    ["9e 02 0102", ["experiment data=0102"], null, 4],
    ["1f 01 07 05", ["unknown-0x1f data=07"], "missing-length", 3],
    ["04 09 01", [], "overrun", 0],
    ["04 02 0102", ["tunnel-encapsulation-limit data=0102"], null, 4],
  ];
  for (const [text, names, fault, offset] of rows) {
    const area = bytes(text);
    const walk = new TlvWalk();
    walk.start(viewOf(area), 0, area.length);
    const seen: string[] = [];
    while (walk.next()) seen.push(describeTlv(HEADER_OPTIONS, viewOf(area), walk, formatV6At));
    assert.equal(seen, names, text);
    assert.is(walk.fault, fault, text);
    if (fault) assert.is(walk.offset, offset, text);
  }
});

test("the two highest bits of a type say what a stranger does with it", () => {
  assert.equal([0x1e, 0x5e, 0x9e, 0xde].map(unknownAction), [0, 1, 2, 3]);
});

test("a type 0 route swaps the destination with the next address", () => {
  const packet = bytes(`${U6} 06020001 00000000 ${A6}`);
  const view = viewOf(packet);
  assert.is(finalDestinationAt(view, 16), 24);
  assert.is(advanceSourceRouting(view, 16, 0), null);
  assert.is(toHex(packet), `${A6}0602000000000000${U6}`);
  assert.is(finalDestinationAt(view, 16), -1);
  assert.is(advanceSourceRouting(view, 16, 0), "completed");
  assert.equal(decodeSourceRouting(view, 16).addresses, [bytes(U6)]);
});

test("a route is not advanced past its list, over an odd length or to a group", () => {
  const rows: [string, string][] = [
    [`06020002 00000000 ${A6}`, "segments-left"],
    [`06010001 00000000 0000000000000000`, "odd-length"],
    [`06020001 00000000 ff020000000000000000000000000001`, "multicast"],
  ];
  for (const [header, why] of rows) {
    const packet = bytes(`${U6}${header}`);
    assert.is(advanceSourceRouting(viewOf(packet), 16, 0), why);
    assert.is(toHex(packet), `${U6}${header.replaceAll(" ", "")}`);
  }
});

test("a segment list runs backwards and a reduced one begins one short", () => {
  const full = bytes(`${U6} 06040401 01000000 ${A6}${U6}`);
  assert.is(finalDestinationAt(viewOf(full), 16), 24);
  assert.is(advanceSegmentRouting(viewOf(full), 16, 0), null);
  assert.is(toHex(full.subarray(0, 20)), `${A6}06040400`);
  const over = bytes(`${U6} 06040403 01000000 ${A6}${U6}`);
  assert.is(advanceSegmentRouting(viewOf(over), 16, 0), "segments-left");
});

test("the mobility messages of the specification decode to their fields", () => {
  const update = decodeMobility(
    viewOf(bytes("3b0305004efa000180000069040400050006050c3b9ad993a4709af68885ae28")),
    0,
  );
  assert.is(update.type, 5);
  assert.equal(update.fields, { sequence: 1, flags: 0x8000, lifetime: 105 });
  assert.equal(update.options, [
    { type: 4, fields: { home: 5, careOf: 6 } },
    { type: 5, fields: { authenticator: bytes("3b9ad993a4709af68885ae28") } },
  ]);
  const error = decodeMobility(viewOf(bytes(`3b020700320c0100${A6}`)), 0);
  assert.equal(error.fields, { status: 1, reserved: 0, homeAddress: bytes(A6) });
});

test("a chain ends at the upper layer, at a later fragment and where its bytes end", () => {
  const fixed = (next: string) =>
    `6000000000000040${"00".repeat(32)}`.replace(/^(.{12})../, `$1${next}`);
  const rows: [string, number, number, number[], number, string | null][] = [
    [`${fixed("00")} 3c00010400000000 0600010400000000`, 56, 56, [0, 60], 6, null],
    [`${fixed("2c")} 0600000800000001`, 48, 48, [44], 6, null],
    [`${fixed("2b")} 0602000000000000`, 48, 64, [], 43, "cut"],
    [`${fixed("2b")} 0602000000000000`, 48, 48, [], 43, "overrun"],
    [`${fixed("33")} 0602000000000000 0000000000000000`, 56, 56, [51], 6, null],
  ];
  for (const [text, end, claimed, headers, upper, fault] of rows) {
    const packet = bytes(text);
    const chain = new ExtensionChain();
    chain.start(viewOf(packet), 0, end, claimed);
    const seen: number[] = [];
    while (chain.next()) seen.push(chain.header);
    assert.equal(seen, headers, text);
    assert.is(chain.upper, upper, text);
    assert.is(chain.fault, fault, text);
  }
});

test.run();
