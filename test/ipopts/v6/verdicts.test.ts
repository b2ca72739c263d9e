/** What each kernel does with IPv6 headers: cases 83 to 86 of the specification, and the tables. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { judgeV6 } from "../../../ipopts/v6/judge.ts";
import { V6_PROFILES } from "../../../ipopts/v6/profiles.ts";
import { openV6World, type V6World } from "../../../ipopts/v6/world.ts";
import { A6, type Ipv6Parts, ipv6Packet, toHex, U6, viewOf } from "../../support/ipv6-packet.ts";

/** `accept ADDRESS…`, `icmp 4/0 42`, `forward ADDRESS`, `drop`. */
function verdict(profile: string, parts: Ipv6Parts, world: Partial<V6World> = {}): string {
  const packet = ipv6Packet(parts);
  const view = viewOf(packet);
  const rules = V6_PROFILES.find(({ name }) => name === profile);
  assert.ok(rules);
  const judge = { ...openV6World(view, 24), ...world };
  const found = judgeV6(rules, judge, view, 0, packet.length, packet.length);
  assert.equal(packet, ipv6Packet(parts), "the packet is not changed by being judged");
  if (found === null) return "unknown";
  if (found.action === "accept") return `accept ${toHex(found.destination ?? new Uint8Array(0))}`;
  if (found.action === "forward") return `forward ${toHex((found.header ?? packet).slice(24, 40))}`;
  const pointer = found.icmp?.pointer === undefined ? "" : ` ${found.icmp.pointer}`;
  return found.icmp ? `icmp ${found.icmp.type}/${found.icmp.code}${pointer}` : "drop";
}

const route = (type: number, left: number, rest: string): Ipv6Parts => ({
  next: 43,
  payload: `06 ${(rest.replaceAll(" ", "").length / 16 - 0.5).toString(16).padStart(2, "0")} 0${type} 0${left} ${rest}`,
});
const TCP = "9c400050".padEnd(40, "0");
const rh = (type: number, left: number): Ipv6Parts => {
  const parts = route(type, left, `00000000 ${A6}`);
  return { ...parts, payload: `${parts.payload}${TCP}` };
};

test("case 83: a type 0 route with a segment left is refused at its type byte, without is skipped", () => {
  for (const profile of ["engel", "linux", "freebsd"]) {
    assert.is(verdict(profile, rh(0, 1)), "icmp 4/0 42", profile);
    assert.is(verdict(profile, rh(0, 0)), `accept ${U6}`, profile);
  }
});

test("case 84: a type 2 route is followed home, anything malformed is discarded in silence", () => {
  const home = (own: boolean): Partial<V6World> => ({ isHome: () => own });
  assert.is(verdict("engel", rh(2, 1), home(true)), `accept ${A6}`);
  assert.is(verdict("engel", rh(2, 2), home(true)), "drop");
  assert.is(verdict("engel", rh(2, 1), home(false)), "drop");
  const long = route(2, 1, `00000000 ${A6}${A6}`);
  assert.is(verdict("engel", long, home(true)), "drop");
  assert.is(verdict("linux", rh(2, 1)), "icmp 4/0 42", "a kernel without Mobile IPv6");
});

test("case 85: more segments left than the list has draw a pointer at segments left", () => {
  const srh = (left: number) => route(4, left, `01000000 ${A6}${U6}`);
  const on: Partial<V6World> = { segmentRouting: true };
  assert.is(verdict("engel", srh(3)), "icmp 4/0 43");
  assert.is(verdict("linux", srh(3), on), "icmp 4/0 43");
  assert.is(verdict("linux", srh(0)), "drop", "segment routing is off by default");
  assert.is(verdict("freebsd", srh(1)), "icmp 4/0 42", "an unknown type there");
  const all: Partial<V6World> = { segmentRouting: true, owns: () => true };
  assert.is(verdict("linux", srh(1), all), `accept ${A6}`, "an all-local list ends in one pass");
  assert.is(verdict("engel", srh(1)), `forward ${A6}`);
});

test("case 86: what a socket gets back for a segment-routed packet is no route", () => {
  const packet = ipv6Packet(route(4, 0, `01000000 ${A6}${U6}`));
  const view = viewOf(packet);
  const found = judgeV6(
    V6_PROFILES[0],
    openV6World(view, 24),
    view,
    0,
    packet.length,
    packet.length,
  );
  assert.is(found?.action, "accept");
  assert.not("replyOptions" in (found ?? {}));
});

test("unknown types are refused at the type byte in every profile that speaks IPv6", () => {
  const parts = { next: 43, payload: "06006301 00000000" };
  for (const { name, speaks } of V6_PROFILES) {
    assert.is(verdict(name, parts), speaks ? "icmp 4/0 42" : "drop", name);
  }
});

test("an unknown option is treated by its action bits, and a group draws no error for the last", () => {
  const option = (type: string, destination = U6) => ({
    next: 60,
    destination,
    payload: `3b00${type}0400000000`,
  });
  for (const profile of ["engel", "linux", "freebsd"]) {
    assert.is(verdict(profile, option("1f")), `accept ${U6}`);
    assert.is(verdict(profile, option("5f")), "drop");
    assert.is(verdict(profile, option("9f")), "icmp 4/2 42");
    assert.is(verdict(profile, option("df")), "icmp 4/2 42");
    const group = `ff02${"0".repeat(27)}1`;
    assert.is(verdict(profile, option("9f", group)), "icmp 4/2 42");
    assert.is(verdict(profile, option("df", group)), "drop");
  }
});

test("a home address option is unknown to stock kernels and needs a binding elsewhere", () => {
  const parts = { next: 60, payload: `3b02 0102 0000 c910 ${A6}` };
  assert.is(verdict("linux", parts), "icmp 4/2 46");
  assert.is(verdict("freebsd", parts), "icmp 4/2 46");
  assert.is(verdict("engel", parts), `accept ${U6}`);
  assert.is(verdict("engel", parts, { hasBinding: () => false }), "drop");
});

test("a mobility header points where the kernel that does not know it looked", () => {
  const brr = { next: 135, payload: "3b00 0000 0000 0000" };
  assert.is(verdict("linux", brr), "icmp 4/1 6");
  assert.is(verdict("engel", brr), `accept ${U6}`);
  assert.is(verdict("engel", { next: 135, payload: "0600000000000000" }), "icmp 4/0 40");
  assert.is(verdict("engel", { next: 135, payload: "3b00050000000000" }), "icmp 4/0 41");
  assert.is(verdict("engel", { next: 135, payload: "3b00630000000000" }), "drop");
});

test("Linux drops padding that is long or not zero, and more than eight options", () => {
  const rows: [string, string][] = [
    ["3b00 0104 00000000", `accept ${U6}`],
    ["3b00 0104 00000001", "drop"],
    ["3b01 010c 000000000000000000000000", "drop"],
    [`3b02 ${"1e00".repeat(8)}${"1e00".repeat(3)}`, "drop"],
  ];
  for (const [payload, expected] of rows) {
    assert.is(verdict("linux", { next: 60, payload }), expected, payload);
    assert.is(verdict("engel", { next: 60, payload }), `accept ${U6}`, payload);
  }
});

test("no error answers an error, an unspecified source or a multicast destination", () => {
  const error = { next: 43, payload: `3a006301 00000000 0100000000000000` };
  assert.is(verdict("engel", error), "drop");
  assert.is(
    verdict("engel", { ...error, payload: "3a00630100000000 8000000000000000" }),
    "icmp 4/0 42",
  );
  assert.is(verdict("engel", { ...rh(0, 1), source: "0".repeat(32) }), "drop");
  assert.is(verdict("engel", { ...rh(0, 1), destination: `ff02${"0".repeat(27)}1` }), "drop");
});

test("a router forwards what is not its own, takes a hop off and reports an empty one", () => {
  const other: Partial<V6World> = { owns: () => false };
  assert.is(verdict("engel", rh(0, 1), other), `forward ${U6}`);
  assert.is(verdict("engel", { ...rh(0, 1), hopLimit: 1 }, other), "icmp 3/0");
  assert.is(verdict("engel", rh(0, 1), { ...other, route: () => null }), "icmp 1/0");
  assert.is(verdict("engel", rh(0, 1), { ...other, forwarding: false }), "drop");
});

test.run();
