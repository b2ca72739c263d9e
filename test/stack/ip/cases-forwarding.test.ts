/** Cases 26 to 37 of the specification's section 6: a router passes source-routed packets on. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { StackOptions } from "../../../stack/stack.ts";
import { formatV4 } from "../../../stack/wire/address.ts";
import { ip, ipPacket } from "../../support/ip-packet.ts";
import { A, C, C2, G, hexOf, R1, U, U2, worldW } from "../../support/world-w.ts";

const at = (packet: string, from: number, length: number): string =>
  packet.slice(2 * from, 2 * (from + length));
const destinationOf = (packet: string): string => formatV4(Number.parseInt(at(packet, 16, 4), 16));
const optionsOf = (packet: string): string =>
  at(packet, 20, 4 * (Number.parseInt(packet[1], 16) - 5));
const ttlOf = (packet: string): number => Number.parseInt(at(packet, 8, 1), 16);

/** Gives a router in world W one packet; returns what left by each interface. */
function pass(
  fields: { options: string; destination?: string; ttl?: number; source?: string },
  options: Partial<StackOptions> = {},
) {
  const world = worldW({ forwarding: true, ...options });
  const sent = ipPacket({ source: C, destination: U, ...fields });
  world.receive(sent);
  const result = { world, sent, by0: world.out0.take(), by1: world.out1.take() };
  assert.is(world.pool.outstanding, 0);
  return result;
}

/** Type, code and what is quoted of the only ICMP error in `packets`. */
function icmp(packets: string[]) {
  assert.is(packets.length, 1, "one error");
  const [packet] = packets;
  const body = packet.slice(8 * Number.parseInt(packet[1], 16));
  return {
    to: destinationOf(packet),
    options: optionsOf(packet),
    type: `${Number.parseInt(body.slice(0, 2), 16)}/${Number.parseInt(body.slice(2, 4), 16)}`,
    quote: body.slice(16),
  };
}

test("case 26: {>>G} to U goes to G, U2 recorded, TTL 63", () => {
  const { by1 } = pass({ options: `01830704${hexOf(G)}` });
  assert.is(by1.length, 1);
  assert.is(destinationOf(by1[0]), G);
  assert.is(optionsOf(by1[0]), "01830708c6336507");
  assert.is(ttlOf(by1[0]), 63);
});

test("case 27: {>>G,C2} to U goes to G as {U2,>>C2}", () => {
  const { by1 } = pass({ options: `01830b04${hexOf(G)}${hexOf(C2)}` });
  assert.is(destinationOf(by1[0]), G);
  assert.is(optionsOf(by1[0]), `01830b08${hexOf(U2)}${hexOf(C2)}`);
});

test("case 28: a strict route to a host behind a gateway is 3/5, quoted as it came", () => {
  const { by0, by1, sent } = pass({ options: `01890704${hexOf(C2)}` });
  assert.equal(by1, []);
  const error = icmp(by0);
  assert.is(error.type, "3/5");
  assert.is(error.to, C);
  assert.is(error.quote, Buffer.from(sent).toString("hex"));
});

test("case 29: a strict route to a neighbour is forwarded as {U2>>}", () => {
  const { by1 } = pass({ options: `01890704${hexOf(G)}` });
  assert.is(destinationOf(by1[0]), G);
  assert.is(optionsOf(by1[0]), "01890708c6336507");
});

test("case 30: a loose route whose destination is someone else travels untouched", () => {
  const { by1, sent } = pass({ options: `01830704${hexOf(G)}`, destination: "192.0.3.5" });
  const expected = Buffer.from(sent);
  expected[8] = 63;
  assert.is(by1.length, 1);
  assert.is(at(by1[0], 0, 10), expected.toString("hex", 0, 10));
  assert.is(at(by1[0], 12, expected.length - 12), expected.toString("hex", 12));
});

test("case 31: a next hop without a route is 3/5", () => {
  const { by0 } = pass(
    { options: `01830704${hexOf("9.9.9.9")}`, source: "198.51.100.77" },
    { routes: [] },
  );
  assert.is(icmp(by0).type, "3/5");
});

for (const next of ["224.0.0.5", "255.255.255.255", "198.51.101.255", "0.0.0.0", "127.0.0.1"]) {
  test(`case 32: the next hop ${next} is neither followed nor answered`, () => {
    const { by0, by1, world } = pass({ options: `01830704${hexOf(next)}` });
    assert.equal([by0, by1], [[], []]);
    assert.is(world.stack.stats.dropped("optionsRefused"), 1);
  });
}

test("case 33: TTL 1 at a hop is 11/0, the quote still to U with pointer 4", () => {
  const { by0, sent } = pass({ options: `01830704${hexOf(G)}`, ttl: 1 });
  const error = icmp(by0);
  assert.is(error.type, "11/0");
  assert.is(error.quote, Buffer.from(sent).toString("hex"));
});

test("case 34: {>>U2,G} at U is one pass to G as {U,U2>>}", () => {
  const { by1 } = pass({ options: `01830b04${hexOf(U2)}${hexOf(G)}` });
  assert.is(destinationOf(by1[0]), G);
  assert.is(optionsOf(by1[0]), `01830b0c${hexOf(U)}${hexOf(U2)}`);
  assert.is(ttlOf(by1[0]), 63);
});

test("case 35: a host that does not forward answers 3/5", () => {
  const { by0, by1 } = pass({ options: `01830704${hexOf(G)}` }, { forwarding: false });
  assert.equal(by1, []);
  assert.is(icmp(by0).type, "3/5");
});

test("case 36: a redirect is sent for a plain packet, never for a source-routed one", () => {
  const near = "198.51.100.77";
  const plain = pass({ options: "", source: near, destination: "9.9.9.9" });
  assert.is(plain.world.stack.stats.redirectsSent, 1);
  assert.is(plain.by0.length, 2);
  const redirect = plain.by0.find((packet) => at(packet, 20, 1) === "05") ?? "";
  assert.is(destinationOf(redirect), near);
  assert.is(at(redirect, 20, 2), "0501", "for the host");
  assert.is(at(redirect, 24, 4), hexOf("198.51.100.1"));
  const far = pass({ options: "", source: C, destination: "9.9.9.9" });
  assert.is(far.world.stack.stats.redirectsSent, 0, "nor to a sender on another network");
  const routed = pass({ options: `01830704${hexOf("9.9.9.9")}`, source: near });
  assert.is(routed.by0.length, 1);
  assert.is(routed.world.stack.stats.redirectsSent, 0);
});

test("case 37: TTL exceeded on {R1,>>G} goes back through R1", () => {
  const route = `01830b08${hexOf(R1)}${hexOf(G)}`;
  const error = icmp(pass({ options: route, ttl: 1 }).by0);
  assert.is(error.type, "11/0");
  assert.is(error.to, R1);
  assert.is(error.options, `01830704${hexOf(C)}`);
  const linux = icmp(pass({ options: route, ttl: 1 }, { profile: "linux" }).by0);
  assert.is(linux.options, `830704${hexOf(C)}00`);
  const bsd = icmp(pass({ options: route, ttl: 1 }, { profile: "bsd44" }).by0);
  assert.equal([bsd.to, bsd.options], [C, ""]);
});

test("without a route the network is unreachable, the host by the BSDs", () => {
  for (const [profile, type] of [
    ["engel", "3/0"],
    ["linux", "3/0"],
    ["bsd44", "3/1"],
    ["freebsd", "3/1"],
  ] as const) {
    const routes: StackOptions["routes"] = [];
    const { by0 } = pass(
      { options: "", destination: "9.9.9.9", source: "198.51.100.77" },
      { routes, profile },
    );
    assert.is(icmp(by0).type, type, profile);
  }
});

test("a packet that its chooser refuses has no route", () => {
  const world = worldW({ forwarding: true });
  const route = world.stack.addRoute({ prefix: ip("10.0.0.0"), prefixLength: 8, gateway: ip(R1) });
  world.stack.addRoute({ prefix: ip("10.0.0.0"), prefixLength: 8, gateway: ip(G) });
  route.chooser = { choose: () => -1 };
  world.receive(ipPacket({ source: C, destination: "10.1.2.3" }));
  assert.is(world.stack.stats.dropped("noRoute"), 1);
  route.chooser = { choose: () => 1 };
  world.receive(ipPacket({ source: C, destination: "10.1.2.3" }));
  assert.equal(world.out1.nextHops, [ip(G)]);
});

test("the shared address A stays the host's own while it forwards", () => {
  const { world } = pass({ options: "", destination: A });
  assert.is(world.stack.stats.echoReplies, 1);
});

test.run();
