import { test } from "uvu";
import * as assert from "uvu/assert";
import { AnyRouter } from "../../../ipopts/profiles/any-router.ts";
import { PROFILES } from "../../../ipopts/profiles/profiles.ts";
import { WorldError, worldFromJson } from "../../../ipopts/profiles/world-json.ts";
import { ipPacket, judged, quad, verdictLine } from "../../support/judged.ts";
import { LINUX_HOST, WORLD_W } from "../../support/worlds.ts";

const ERRORS: [about: string, json: unknown, message: string][] = [
  ["not an object", [], "world: expected an object, found []"],
  ["no interface", { interfaces: [] }, "interfaces: expected one at least, found none"],
  ["interfaces missing", {}, "interfaces: expected a list, found nothing"],
  [
    "an unknown field",
    { ...LINUX_HOST, forward: true },
    "forward: unknown field, expected one of interfaces, routes, arrival",
  ],
  [
    "an unknown field of a route",
    { ...LINUX_HOST, routes: [{ to: "10.0.0.0/8", gw: "10.9.0.1" }] },
    "routes[0].gw: unknown field, expected one of to, via, dev",
  ],
  [
    "a bad address",
    { interfaces: [{ name: "a", addresses: ["10.9.0.256/24"] }] },
    'interfaces[0].addresses[0]: expected an IPv4 address with a prefix, 10.9.0.2/24, found "10.9.0.256/24"',
  ],
  [
    "a bad prefix",
    { interfaces: [{ name: "a", addresses: ["10.9.0.2/33"] }] },
    'interfaces[0].addresses[0]: expected an IPv4 address with a prefix, 10.9.0.2/24, found "10.9.0.2/33"',
  ],
  [
    "an interface twice",
    { interfaces: [{ name: "a" }, { name: "a" }] },
    "interfaces[1].name: a is there already",
  ],
  [
    "a route by no interface",
    { ...LINUX_HOST, routes: [{ to: "10.0.0.0/8", via: "10.9.0.1", dev: "vX" }] },
    'routes[0].dev: expected one of vB, vD, lo, found "vX"',
  ],
  [
    "a gateway on no network",
    { ...LINUX_HOST, routes: [{ to: "10.0.0.0/8", via: "192.0.2.1" }] },
    "routes[0].dev: missing, and no interface's network holds 192.0.2.1",
  ],
  [
    "an arrival by no interface",
    { ...LINUX_HOST, arrival: "v" },
    'arrival: expected one of vB, vD, lo, found "v"',
  ],
  [
    "a switch that is a word",
    { ...LINUX_HOST, forwarding: "yes" },
    'forwarding: expected true or false, found "yes"',
  ],
  [
    "a shared address that is not own",
    { ...WORLD_W, anycast: ["203.0.113.8"] },
    "anycast[0]: 203.0.113.8 is no address of an interface",
  ],
  [
    "a time past midnight",
    { ...LINUX_HOST, time: -1 },
    "time: expected a whole number from 0 to 4294967295, found -1",
  ],
];

for (const [about, json, message] of ERRORS) {
  test(`refuses ${about} and names the field`, () => {
    assert.throws(
      () => worldFromJson(json),
      (error: unknown) => error instanceof WorldError && error.message.startsWith(message),
    );
  });
}

test("takes the longest match, and the address towards the gateway", () => {
  const world = worldFromJson({
    interfaces: [
      { name: "a", addresses: ["10.0.0.1/8", "10.1.0.1/16"] },
      { name: "b", addresses: ["192.0.2.1/31"] },
    ],
    routes: [
      { to: "default", via: "192.0.2.0" },
      { to: "10.1.2.0/24", via: "10.1.0.9" },
      { to: "203.0.113.5", dev: "b" },
    ],
  });
  const found = (address: string) => {
    const route = world.lookup(quad(address));
    return route && [route.dev, route.gateway !== 0, route.source];
  };
  assert.equal(found("10.2.3.4"), ["a", false, quad("10.0.0.1")]);
  assert.equal(found("10.1.3.4"), ["a", false, quad("10.1.0.1")]);
  // The first address whose network holds the gateway, as inet_select_addr takes it.
  assert.equal(found("10.1.2.4"), ["a", true, quad("10.0.0.1")]);
  assert.equal(found("8.8.8.8"), ["b", true, quad("192.0.2.1")]);
  assert.equal(found("203.0.113.5"), ["b", false, quad("192.0.2.1")]);
  assert.ok(world.isBroadcast(quad("10.1.255.255")));
  assert.not(world.isBroadcast(quad("192.0.2.1")));
  assert.is(world.arrival, "a");
  assert.ok(world.forwarding && world.acceptSourceRoute);
});

test("without a world, every profile owns the destination and reaches everything", () => {
  const hop = ipPacket({ destination: "192.0.2.9", options: "01830704c6336532" });
  const end = ipPacket({ destination: "192.0.2.9", options: "01830708c6336432" });
  for (const profile of PROFILES) {
    const forward = verdictLine(judged(profile, new AnyRouter(), hop));
    assert.is(forward, "forward any 198.51.101.50 ttl 63 01830708c0000209", profile.name);
    const accept = verdictLine(judged(profile, new AnyRouter(), end));
    assert.match(accept, "accept 192.0.2.9 01830708c6336432 / ");
  }
});

test.run();
