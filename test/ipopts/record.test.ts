import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordAddress, recordTime } from "../../ipopts/record.ts";
import { hex, toHex, viewOfBytes } from "../support/options.ts";

const U = 0xc6336407;

const ROUTES: [about: string, option: string, said: string | null, after: string][] = [
  ["an empty slot", "07070400000000", null, "070708c6336407"],
  ["the second slot", "070b080a00000100000000", null, "070b0c0a000001c6336407"],
  ["no slot left", "0707080a000001", "route-full", "0707080a000001"],
  ["a pointer below 4", "0707030a000001", "malformed", "0707030a000001"],
  ["part of a slot", "0707050a000001", "malformed", "0707050a000001"],
  ["no pointer", "0702", "malformed", "0702"],
];
for (const [about, option, said, after] of ROUTES) {
  test(`record route with ${about}`, () => {
    const bytes = hex(option);
    assert.is(recordAddress(viewOfBytes(bytes), 0, U), said);
    assert.is(toHex(bytes), after);
  });
}

const TIMES: [about: string, option: string, said: string | null, after: string][] = [
  ["a slot for the time", "4408050000000000", null, "4408090001020304"],
  ["a slot for both", "440c05010000000000000000", null, "440c0d01c633640701020304"],
  ["its address named", "440c0503c633640700000000", null, "440c0d03c633640701020304"],
  [
    "another\u2019s address named",
    "440c05030a00000100000000",
    "not-ours",
    "440c05030a00000100000000",
  ],
  [
    "all slots named and full",
    "440c0d030a00000100000000",
    "route-full",
    "440c0d030a00000100000000",
  ],
  ["no slot left", "4408090000000000", null, "4408091000000000"],
  ["the overflow count spent", "440809f000000000", "overflow", "440809f000000000"],
  ["half of both", "440a0501000000000000", "malformed", "440a0501000000000000"],
  ["an unknown flag", "4408050200000000", "malformed", "4408050200000000"],
  ["a pointer below 5", "4408040000000000", "malformed", "4408040000000000"],
];
for (const [about, option, said, after] of TIMES) {
  test(`timestamp with ${about}`, () => {
    const bytes = hex(option);
    assert.is(
      recordTime(viewOfBytes(bytes), 0, U, 0x01020304, (own) => own === U),
      said,
    );
    assert.is(toHex(bytes), after);
  });
}

test.run();
