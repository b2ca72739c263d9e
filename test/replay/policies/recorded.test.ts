import { test } from "uvu";
import * as assert from "uvu/assert";
import { recorded } from "../../../replay/policies/recorded.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";

test("servers are numbered as their addresses first appear, and again from 0 beyond N", () => {
  const addresses = [9, 9, 7, 9, 8, 6, 7, 6];
  const keys = new ConnectionColumns(addresses.length);
  addresses.forEach((address, i) => {
    keys.server.set([0, 0, 0xffff, address], 4 * i);
  });
  const setup = { servers: 3, loads: new Int32Array(3), random: { next: () => 0 } };
  const one = recorded.create(setup);
  assert.equal(
    addresses.map((_, i) => one.pick(keys, i)),
    [0, 0, 1, 0, 2, 0, 1, 0],
  );
  const out = new Uint16Array(addresses.length);
  recorded.create(setup).pickBlock?.(keys, addresses.length, out);
  assert.equal([...out], [0, 0, 1, 0, 2, 0, 1, 0]);
});

test("a server at address 0 is a server like any other", () => {
  const keys = new ConnectionColumns(2);
  keys.server.set([0, 0, 0, 0, 0, 0, 0, 1]);
  const one = recorded.create({ servers: 2, loads: new Int32Array(2), random: { next: () => 0 } });
  assert.equal([one.pick(keys, 0), one.pick(keys, 1)], [0, 1]);
});

test.run();
