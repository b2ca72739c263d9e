/** Bytes written without strings are the bytes of the strings. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LineBuffer, piece } from "../../../../replay/check/lines/line-buffer.ts";
import { formatV4 } from "../../../../stack/wire/address.ts";
import { viewOf } from "../../../support/ipv6-packet.ts";
import { testRandom } from "../../../support/random.ts";

const textOf = (out: LineBuffer): string => Buffer.from(out.take()).toString();

test("numbers, addresses and hexadecimal digits are spelled as strings spell them", () => {
  const random = testRandom(17);
  const out = new LineBuffer();
  let expected = "";
  const numbers = [0, 9, 10, 255, 99_999, 2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1];
  for (let i = 0; i < 2_000; i++) {
    const number = numbers[i] ?? random.below(10 ** (1 + (i % 9)));
    const bytes = random.bytes(4);
    const address = viewOf(bytes).getUint32(0);
    out.number(number);
    out.put(piece(" "));
    out.quad(address);
    out.put(piece(" "));
    out.hex(viewOf(bytes), 0, 4);
    out.text("·\n");
    expected += `${number} ${formatV4(address)} ${Buffer.from(bytes).toString("hex")}·\n`;
  }
  assert.is(textOf(out), expected);
});

test("it grows with what is written, and begins anew when that is taken", () => {
  const out = new LineBuffer();
  const long = "ä€😀x".repeat(40_000);
  out.text(long);
  out.put(piece(long));
  assert.is(textOf(out), long + long);
  assert.is(out.length, 0);
  out.put(piece("abcdef"), 1, 3);
  assert.is(textOf(out), "bcd");
});

test.run();
