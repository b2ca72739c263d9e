/** Worlds with both families: what they refuse, by the name of the field, and what they route. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WorldError } from "../../../ipopts/profiles/world-json.ts";
import { parseWorlds } from "../../../replay/check/world.ts";
import { parseV6 } from "../../../stack/wire/address.ts";
import { check, folder } from "../../support/check-command.ts";
import { viewOf } from "../../support/ipv6-packet.ts";

const HOST = {
  interfaces: [
    { name: "a", addresses: ["10.9.0.2/24", "2001:db8::1/64"] },
    { name: "b", addresses: ["2001:db8:0:1::1/64"] },
  ],
};

const ERRORS: readonly [about: string, more: Record<string, unknown>, message: string][] = [
  [
    "a route by no interface",
    { routes: [{ to: "2001:db8:9::/48", dev: "zz" }] },
    'routes[0].dev: expected one of a, b, found "zz"',
  ],
  [
    "an unknown field of a route",
    { routes: [{ to: "::/0", dev: "a", metric: 3 }] },
    "routes[0].metric: unknown field, expected one of to, via, dev",
  ],
  [
    "a gateway on no network",
    { routes: [{ to: "::/0", via: "2001:db8:7::1" }] },
    "routes[0].dev: missing, and no interface's network holds 2001:db8:7::1",
  ],
  [
    "a gateway of the other family",
    { routes: [{ to: "::/0", via: "10.9.0.1", dev: "a" }] },
    'routes[0].via: expected an IPv6 address, found "10.9.0.1"',
  ],
  [
    "a route to a prefix beyond 128 bits",
    { routes: [{ to: "2001:db8::/129", dev: "a" }] },
    'routes[0].to: expected an IPv6 address or prefix, found "2001:db8::/129"',
  ],
  [
    "home addresses that are no list",
    { homeAddresses: 5 },
    "homeAddresses: expected a list, found 5",
  ],
  [
    "a home address that is a number",
    { homeAddresses: [5] },
    "homeAddresses[0]: expected an IPv6 address, found 5",
  ],
  ["bindings that are no list", { bindings: "x" }, 'bindings: expected a list, found "x"'],
  ["a binding that is no object", { bindings: [7] }, "bindings[0]: expected an object, found 7"],
  [
    "a binding without a care-of address",
    { bindings: [{ home: "2001:db8::9" }] },
    "bindings[0].careOf: expected an IPv6 address, found nothing",
  ],
  [
    "a switch that is a word",
    { segmentRouting: "on" },
    'segmentRouting: expected true or false, found "on"',
  ],
  [
    "a field that is misspelt, naming those of IPv6 too",
    { homeAdresses: [] },
    "homeAdresses: unknown field, expected one of interfaces, routes, arrival, forwarding, " +
      "acceptSourceRoute, anycast, forwardSourceRoute, processOptions, time, homeAddresses, " +
      "bindings, segmentRouting",
  ],
];

for (const [about, more, message] of ERRORS) {
  test(`refuses ${about} and names the field`, () => {
    try {
      parseWorlds(JSON.stringify({ ...HOST, ...more }));
    } catch (error) {
      assert.instance(error, WorldError);
      assert.is((error as Error).message, message);
      return;
    }
    assert.unreachable("taken");
  });
}

test("an IPv6 route leaves by the interface named, or by the one whose network holds its gateway", () => {
  const routes = [
    { to: "2001:db8:1::/48", via: "2001:db8:0:1::9" },
    { to: "2001:db8:2::/48", dev: "a" },
  ];
  const destination = viewOf(new Uint8Array(16));
  const world = parseWorlds(JSON.stringify({ ...HOST, routes })).v6(destination, 0);
  const out = (address: string): string | null => {
    for (const [i, word] of (parseV6(address) ?? []).entries()) destination.setUint32(4 * i, word);
    return world.route(destination, 0);
  };
  assert.is(out("2001:db8:1::5"), "b");
  assert.is(out("2001:db8:2::5"), "a");
  assert.is(out("2001:db8:3::5"), null);
});

test("a world that cannot be read is refused in words, with its name", async () => {
  const there = join(folder, "empty.json");
  writeFileSync(there, "");
  for (const [name, message] of [
    [join(folder, "none.json"), "cannot be read: no such file or directory (ENOENT)"],
    [folder, "cannot be read: illegal operation on a directory (EISDIR)"],
    [there, "not JSON: Unexpected end of JSON input"],
  ] as const) {
    const { status, err } = await check("--world", name, "x.pcap");
    assert.is(status, 2);
    assert.ok(err.startsWith(`anypin check: --world: ${name}: ${message}\n`), err);
  }
});

test("what a file holds is shown, and not for the terminal to obey", async () => {
  const path = join(folder, "red.json");
  writeFileSync(path, "\u001b[31m{}");
  const { err } = await check("--world", path, "x.pcap");
  assert.match(err, "not JSON");
  assert.match(err, "\\x1b[31m");
  assert.not.match(err, "\u001b");
});

test.run();
