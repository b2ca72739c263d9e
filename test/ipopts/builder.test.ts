import { test } from "uvu";
import * as assert from "uvu/assert";
import { OptionsBuilder } from "../../ipopts/builder.ts";
import { toHex } from "../support/options.ts";

const built = (builder: OptionsBuilder): string => toHex(builder.bytes.subarray(0, builder.length));
const ALERT = { type: 148, name: "router-alert", value: { value: 0 } };
const route = (hops: number) => ({
  type: 131,
  name: "lsrr",
  pointer: 4,
  addresses: new Array<number>(hops).fill(0x0a000001),
});

test("pads with EOL to a whole word, and only then", () => {
  const builder = new OptionsBuilder();
  assert.is(builder.pad(), 0);
  assert.is(builder.appendOption(route(1)), null);
  assert.is(builder.pad(), 8);
  assert.is(built(builder), "8307040a00000100");
  assert.is(builder.pad(), 8);
});

test("aligns the slots of a route with NOPs, whatever is there", () => {
  for (let before = 0; before < 12; before++) {
    const builder = new OptionsBuilder();
    builder.length = before;
    assert.is(builder.alignRoute(), null);
    assert.is(builder.length % 4, 1);
    assert.ok(builder.length - before < 4);
  }
});

test("refuses what passes 40 bytes and leaves the area as it was", () => {
  const builder = new OptionsBuilder();
  assert.is(builder.appendOption(route(9)), null);
  assert.is(builder.alignRoute(), "no-space");
  assert.is(builder.appendOption(ALERT), "no-space");
  assert.is(builder.append(builder.view, 0, 2), "no-space");
  assert.is(builder.length, 39);
  assert.is(builder.pad(), 40);
});

test("copies an option as it stands elsewhere", () => {
  const one = new OptionsBuilder();
  one.appendOption(ALERT);
  const other = new OptionsBuilder();
  assert.is(other.append(one.view, 0, 4), null);
  assert.is(built(other), "94040000");
  other.clear();
  assert.is(built(other), "");
});

test.run();
