/** Source routes over a connection: what an end does with the route its peer gave it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Checker } from "../../../replay/check/checker.ts";
import {
  codes,
  reportOf,
  type SegmentFields,
  tcpPacket,
  testChecker,
} from "../../support/checked.ts";

const C = "192.0.2.1";
const A = "203.0.113.9";
const U = "198.51.100.7";
const R1 = "198.51.100.50";
const hex = (address: string) =>
  address
    .split(".")
    .map((byte) => Number(byte).toString(16).padStart(2, "0"))
    .join("");
const lsrr = (pointer: number, ...hops: string[]) =>
  `0183${(3 + 4 * hops.length).toString(16).padStart(2, "0")}${pointer.toString(16).padStart(2, "0")}${hops.map(hex).join("")}`;

const SYN = 2;
const ACK = 16;
const SYN_ACK = 18;

const fromClient = (fields: Partial<SegmentFields> & { flags: number }): SegmentFields => ({
  source: C,
  destination: A,
  final: A,
  sequence: 101,
  ...fields,
});
const fromServer = (fields: Partial<SegmentFields> & { flags: number }): SegmentFields => ({
  source: A,
  destination: C,
  final: C,
  sourcePort: 80,
  destinationPort: 40000,
  sequence: 501,
  acknowledgment: 101,
  ...fields,
});

/** Codes of the connection-level findings of each packet. */
function watch(packets: readonly SegmentFields[], checker: Checker = testChecker()): string[][] {
  return packets.map((fields) => {
    const report = reportOf(checker, tcpPacket(fields));
    return report === null ? [] : codes(report).filter((code) => /^(route|mss)/.test(code));
  });
}

const open = [
  fromClient({ flags: SYN, sequence: 100, mss: 1460 }),
  fromServer({ flags: SYN_ACK, sequence: 500, mss: 1460, options: lsrr(8, U) }),
];
const pinnedAck = fromClient({
  flags: ACK,
  destination: U,
  acknowledgment: 501,
  options: lsrr(4, A),
});

test("a client that reverses the route of the SYN-ACK is left in peace", () => {
  assert.equal(watch([...open, pinnedAck, fromServer({ flags: ACK, options: lsrr(8, U) })]), [
    [],
    [],
    [],
    [],
  ]);
});

test("an acknowledgement without the route is named once", () => {
  const plain = fromClient({ flags: ACK, acknowledgment: 501 });
  assert.equal(watch([...open, plain, plain]), [[], [], ["route-dropped@0"], []]);
});

test("a segment sent before the route arrived, and a reset, are no fault", () => {
  const early = fromClient({ flags: ACK, acknowledgment: 400 });
  const reset = fromClient({ flags: 4 + ACK, acknowledgment: 501 });
  assert.equal(watch([...open, early, reset]), [[], [], [], []]);
});

test("a route that is not the reverse of the one that arrived is named with the hop", () => {
  const syn = fromClient({ flags: SYN, options: lsrr(12, U, R1) });
  const right = fromServer({ flags: SYN_ACK, destination: R1, options: lsrr(4, U, C) });
  const wrong = fromServer({ flags: SYN_ACK, destination: U, options: lsrr(4, R1, C) });
  assert.equal(watch([syn, right]), [[], []]);
  assert.equal(watch([syn, wrong]), [[], ["route-not-reversed@21"]]);
  assert.equal(watch([syn, fromServer({ flags: SYN_ACK, destination: R1, options: lsrr(4, C) })]), [
    [],
    ["route-not-reversed@21"],
  ]);
});

test("a host that puts itself in front of the reversed route has pinned it, which is no fault", () => {
  const syn = fromClient({ flags: SYN, options: lsrr(8, R1) });
  const pinned = fromServer({ flags: SYN_ACK, destination: R1, options: lsrr(8, U, C) });
  assert.equal(watch([syn, pinned]), [[], []]);
});

test("a route that changes while the peer's stays is named", () => {
  const moved = fromClient({
    flags: ACK,
    destination: R1,
    acknowledgment: 501,
    options: lsrr(4, A),
  });
  assert.equal(watch([...open, pinnedAck, moved]), [[], [], [], ["route-changed@21"]]);
});

test("a source that lists itself first is answered by a clean route", () => {
  const syn = fromClient({ flags: SYN, options: lsrr(12, C, R1) });
  const clean = fromServer({ flags: SYN_ACK, destination: R1, options: lsrr(4, C) });
  assert.equal(watch([syn, clean]), [[], []]);
});

test("a full segment with an option exceeds what the peer's MSS leaves room for", () => {
  const data = (payload: number) =>
    fromServer({ flags: ACK, payload, options: lsrr(8, U), sequence: 501 });
  assert.equal(watch([...open, data(1452)])[2], []);
  assert.equal(watch([...open, data(1453)])[2], ["mss-no-room@20"]);
  // A segment for the network card to cut up says nothing about the packets on the wire.
  assert.equal(watch([...open, data(2920)])[2], []);
});

test("an MSS that fills the largest packet leaves no room for the option beside it", () => {
  const syn = fromServer({ flags: SYN_ACK, mss: 65495, options: lsrr(8, U) });
  assert.equal(watch([syn]), [["mss-no-room@20"]]);
});

test.run();
