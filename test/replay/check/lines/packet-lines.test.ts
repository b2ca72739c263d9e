/** Lines made of kept pieces, and pieces written byte by byte, are what whole reports give. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPacket } from "../../../../replay/check/check-batch.ts";
import { Checker } from "../../../../replay/check/checker.ts";
import { LINE_SLOTS } from "../../../../replay/check/header-judge.ts";
import { JSON_LINE_BYTES, jsonFormat } from "../../../../replay/check/lines/json-format.ts";
import { LineBuffer } from "../../../../replay/check/lines/line-buffer.ts";
import type { LineFormat } from "../../../../replay/check/lines/line-format.ts";
import { LineMemory } from "../../../../replay/check/lines/line-memory.ts";
import { PacketLines } from "../../../../replay/check/lines/packet-lines.ts";
import { TEXT_LINE_BYTES, textFormat } from "../../../../replay/check/lines/text-format.ts";
import { PROFILE_NAMES } from "../../../../replay/check/verdicts.ts";
import { anyWorld, parseWorlds, type Worlds } from "../../../../replay/check/world.ts";
import { TraceError } from "../../../../traces/errors.ts";
import { openTrace } from "../../../../traces/open.ts";
import { alikePackets } from "../../../support/alike-packets.ts";
import { viewOf } from "../../../support/ipv6-packet.ts";
import { ipPacket } from "../../../support/judged.ts";
import { haveShared, sharedPath } from "../../../support/project.ts";
import { testRandom } from "../../../support/random.ts";

/** A checker whose lines are compared with whole reports. */
class Compared {
  readonly checker: Checker;
  /** Lines made of kept pieces. */
  kept = 0;
  readonly #memory: LineMemory;
  readonly #format: LineFormat;
  readonly #lines: PacketLines;
  readonly #out = new LineBuffer();

  constructor(worlds: Worlds, profiles: readonly string[], json: boolean) {
    const judged = json ? PROFILE_NAMES : profiles;
    this.#memory = new LineMemory(LINE_SLOTS, json ? JSON_LINE_BYTES : TEXT_LINE_BYTES);
    this.#format = json
      ? jsonFormat(worlds, judged)
      : textFormat(worlds, { profiles, verbose: false });
    this.checker = new Checker({ worlds, profiles, judged, all: true, lines: this.#memory });
    this.#lines = new PacketLines(this.checker, this.#format, this.#memory);
  }

  /** Compares the line of the packet just checked. */
  compare(view: DataView, number: number, file: string | undefined): void {
    const { checker } = this;
    if (checker.subject < 0) return;
    const slot = checker.lineSlot;
    if (slot >= 0 && this.#memory.has(slot)) this.kept++;
    this.#lines.write(this.#out, view, number, file);
    const written = Buffer.from(this.#out.take()).toString();
    assert.is(written, this.#format.whole(checker, view, number, file));
  }
}

const everyWay = (worlds: Worlds): Compared[] => [
  new Compared(worlds, PROFILE_NAMES, true),
  new Compared(worlds, ["linux"], true),
  new Compared(worlds, PROFILE_NAMES, false),
  new Compared(worlds, ["engel"], false),
];

const W = parseWorlds(
  JSON.stringify({
    interfaces: [
      { name: 'if "0"', addresses: ["198.51.100.7/24", "203.0.113.9/32"] },
      { name: "if1", addresses: ["198.51.101.7/24"] },
    ],
    routes: [{ to: "192.0.2.0/24", via: "198.51.100.50" }],
    arrival: 'if "0"',
    forwarding: true,
    acceptSourceRoute: true,
  }),
);

/** Packets with routes of every kind, few addresses between them. */
function routedPackets(seed: number, count: number): Uint8Array[] {
  const random = testRandom(seed);
  const addresses = ["c6336407", "c6336532", "c0000201", "cb007109", "e0000005", "0a000001"];
  const areas = Array.from({ length: 150 }, () => {
    const slots = random.below(10);
    const pointer = 4 * (1 + random.below(slots + 1));
    const type = random.pick(["83", "89", "07"]);
    const hops = Array.from({ length: slots }, () => random.pick(addresses)).join("");
    const bytes = [3 + 4 * slots, pointer].map((byte) => byte.toString(16).padStart(2, "0"));
    return `${random.pick(["", "01"])}${type}${bytes.join("")}${hops}`;
  });
  return Array.from({ length: count }, () => {
    return ipPacket({
      source: random.pick(["192.0.2.1", "198.51.101.9"]),
      destination: random.pick(["198.51.100.7", "203.0.113.9"]),
      options: random.pick(areas),
      id: random.below(65536),
      ttl: random.pick([1, 2, 64, 255]),
      fragment: random.pick([0, 0x4000]),
      protocol: 17,
      payload: "04570009000a00006869",
    });
  });
}

for (const [name, packets] of [
  ["routes", routedPackets(3, 4_000)],
  ["near-valid options", alikePackets(5, 4_000)],
] as const) {
  test(`lines of packets with ${name} are their reports', in any world and by any profile`, () => {
    for (const worlds of [anyWorld(), W]) {
      for (const way of everyWay(worlds)) {
        for (const [i, packet] of packets.entries()) {
          way.checker.check(viewOf(packet), 0, packet.length, packet.length);
          way.compare(viewOf(packet), i + 1, i % 2 === 0 ? undefined : 'a "b".pcap');
        }
        assert.ok(way.kept > 300, `${way.kept} lines of kept pieces`);
      }
    }
  });
}

if (haveShared("captures/files", "lines of recorded packets beside their reports")) {
  const names = [
    ...readdirSync(sharedPath("captures/files"))
      .filter((name) => /^(opt|rh|mip|v6ext|tun)-/.test(name))
      .map((name) => `captures/files/${name}`),
    "kernel/linux-lsrr-http-client.pcap",
    "spec/fig1-vectors.pcap",
    "spec/ipv6-vectors.pcap",
  ];

  test("every recorded packet's line is its report's, the first time and the second", async () => {
    let kept = 0;
    for (const name of names) {
      const ways = everyWay(anyWorld());
      for (let pass = 0; pass < 2; pass++) {
        try {
          for await (const batch of await openTrace([sharedPath(name)])) {
            for (let i = 0; i < batch.count; i++) {
              for (const way of ways) {
                if (!checkPacket(way.checker, batch, i)) continue;
                way.compare(batch.view, batch.firstNumber + i, undefined);
              }
            }
          }
        } catch (error) {
          if (!(error instanceof TraceError)) throw error;
        }
      }
      for (const way of ways) kept += way.kept;
    }
    assert.ok(kept > 1_000, `${kept} lines of kept pieces`);
  });
}

test.run();
