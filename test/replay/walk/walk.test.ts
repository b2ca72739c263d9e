/** The paper's Figures 1 and 2, from packets that were sent. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Walk, WalkChoice, WalkStep } from "../../../replay/walk/steps.ts";
import { walk } from "../../../replay/walk/walk.ts";
import { runHere } from "../../support/cli.ts";
import { matchesGolden } from "../../support/golden.ts";

const FIGURE_1: WalkChoice = {
  pin: "transmit",
  topology: "single",
  twoPass: false,
  client: "engel",
};

/** Section 1.4 of the specification. */
const E: Readonly<Record<string, string>> = {
  SYN: "4500002c0001000040067cc0c0000201cb0071099c40005000001000000000006002ffffed8a0000020405b4",
  "SYN-ACK":
    "4700003400020000400647f1cb007109c000020101830708c633640700509c4000002000000010016012ffffcd790000020405b4",
  data: "4700003700030000400647f1c0000201c633640701830704cb0071099c40005000001001000020015018ffff10b50000474554202f0d0a",
  reply:
    "4700003400040000400647efcb007109c000020101830708c633640700509c4000002001000010085018ffff88ce00004f4b0d0a",
};

/** Without what the specification leaves open: identification and header checksum. */
const settled = (wire: string): string =>
  `${wire.slice(0, 8)}${wire.slice(12, 20)}${wire.slice(24)}`;

const stepOf = (walked: Walk, label: string): WalkStep => {
  const step = walked.steps.find((each) => each.label === label);
  if (!step) throw new Error(`no ${label}`);
  return step;
};

for (const pin of ["transmit", "receive"] as const) {
  test(`pinned on the ${pin} path, the packets are E1, E2, E3 and E6`, () => {
    const { steps } = walk({ ...FIGURE_1, pin });
    assert.equal(
      steps.map(({ label }) => label),
      Object.keys(E),
    );
    for (const step of steps) assert.is(settled(step.wire), settled(E[step.label]), step.label);
  });
}

test("the header checksum of every packet is right", () => {
  for (const { wire, label } of walk(FIGURE_1).steps) {
    const header = Buffer.from(wire, "hex").subarray(0, 4 * Number.parseInt(wire[1], 16));
    let sum = 0;
    for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    assert.is(sum, 0xffff, label);
  }
});

test("the fields of a packet are all of its bytes, once and in order", () => {
  for (const { wire, fields } of walk(FIGURE_1).steps) {
    assert.is(fields.map(({ hex }) => hex).join(""), wire);
  }
});

test("the pointer stands behind U in what the server sends, before A in what comes to it", () => {
  const walked = walk(FIGURE_1);
  assert.equal(stepOf(walked, "SYN").route, null);
  const pinned = { kind: "LSRR", slots: ["198.51.100.7"], pointer: 1 };
  assert.equal(stepOf(walked, "SYN-ACK").route, pinned);
  assert.equal(stepOf(walked, "data").route, { ...pinned, slots: ["203.0.113.9"], pointer: 0 });
  assert.equal(stepOf(walked, "data").receiving?.ip.route, pinned);
  assert.equal(stepOf(walked, "reply").route, pinned);
});

test("TCP goes through its states, the client along the reversed route from the SYN-ACK on", () => {
  const states = walk(FIGURE_1).steps.map(({ sending, receiving }) => [
    sending.tcp.state,
    receiving?.tcp.state,
    receiving?.tcp.route.length,
  ]);
  assert.equal(states, [
    ["SYN-SENT", "SYN-RECEIVED", 0],
    ["SYN-RECEIVED", "ESTABLISHED", 2],
    ["ESTABLISHED", "ESTABLISHED", 2],
    ["ESTABLISHED", "ESTABLISHED", 2],
  ]);
});

test("only the transmit path is told to have inserted the pin it inserted", () => {
  const inserted = (pin: WalkChoice["pin"], label: string) =>
    stepOf(walk({ ...FIGURE_1, pin }), label).sending.ip.notes.some((note) =>
      note.includes("inserts"),
    );
  assert.is(inserted("transmit", "SYN-ACK"), true);
  assert.is(inserted("transmit", "reply"), false);
  assert.is(inserted("receive", "SYN-ACK"), false);
});

test("in Figure 2 the transmit path pins the wrong interface, the receive path the right one", () => {
  const multihomed = { ...FIGURE_1, topology: "multihomed" } as const;
  const wrong = walk(multihomed);
  assert.equal(stepOf(wrong, "SYN-ACK").route?.slots, ["198.51.101.7"]);
  assert.is(stepOf(wrong, "SYN").receiving?.ip.interface, "if0");
  assert.is(stepOf(wrong, "data").receiving?.ip.interface, "if1");
  assert.match(wrong.verdict, "wrong interface");
  const right = walk({ ...multihomed, pin: "receive" });
  assert.equal(stepOf(right, "SYN-ACK").route?.slots, ["198.51.100.7"]);
  assert.is(stepOf(right, "SYN-ACK").sending.ip.interface, "if1");
  assert.is(stepOf(right, "data").receiving?.ip.interface, "if0");
});

test("two passes lose the pin of the receive path when the client is reached by if1", () => {
  const walked = walk({ pin: "receive", topology: "multihomed", twoPass: true, client: "engel" });
  assert.equal(stepOf(walked, "SYN-ACK").route?.slots, ["198.51.101.7"]);
  assert.match(walked.verdict, "the pin names if1, by which the SYN-ACK left");
});

test("two passes are told as two: in by the wire, once around, and the reply not yet sent", () => {
  for (const [topology, wire] of [
    ["single", "if0"],
    ["multihomed", "if1"],
  ] as const) {
    const { receiving } = stepOf(walk({ ...FIGURE_1, topology, twoPass: true }), "data");
    assert.is(receiving?.ip.interface, wire);
    const notes = receiving?.ip.notes.join("\n") ?? "";
    assert.match(notes, `came in by ${wire}\n`);
    assert.match(notes, "forwarded to itself, once around through lo0, time to live 63");
    assert.not.match(notes, "one pass");
    assert.equal([receiving?.tcp.sndNxt, receiving?.tcp.rcvNxt], [0x2001, 0x1008]);
  }
});

test("a stock client ignores the route, a filtering one never opens", () => {
  const stock = walk({ ...FIGURE_1, client: "stock" });
  assert.is(stepOf(stock, "data").to, "203.0.113.9");
  assert.is(stepOf(stock, "data").route, null);
  const filtering = walk({ ...FIGURE_1, client: "filtering" });
  assert.equal(
    filtering.steps.map(({ label }) => label),
    ["SYN", "SYN-ACK"],
  );
  assert.is(stepOf(filtering, "SYN-ACK").receiving, null);
  assert.match(filtering.verdict, "never opens");
});

test("anypin walk prints the figure, and as JSON the packets with their wire bytes", async () => {
  matchesGolden("walk-figure-1.txt", (await runHere(["walk"])).out);
  matchesGolden("walk-figure-2.txt", (await runHere(["walk", "--topology", "multihomed"])).out);
  const { packets } = JSON.parse((await runHere(["walk", "--json"])).out);
  assert.equal(
    packets.map(({ label, from, to }: WalkStep) => [label, from, to]),
    [
      ["SYN", "192.0.2.1", "203.0.113.9"],
      ["SYN-ACK", "203.0.113.9", "192.0.2.1"],
      ["data", "192.0.2.1", "198.51.100.7"],
      ["reply", "203.0.113.9", "192.0.2.1"],
    ],
  );
  for (const { label, wire } of packets) assert.is(settled(wire), settled(E[label]));
});

test.run();
