/** Transport checksums take the final destination: case 82, and captures of real hosts. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPacket } from "../../../replay/check/check-batch.ts";
import { Checker } from "../../../replay/check/checker.ts";
import {
  SUM_BLANK,
  SUM_FIRST_HOP,
  SUM_NONE,
  SUM_RIGHT,
  SUM_UNKNOWN,
  SUM_WRONG,
  transportChecksum,
} from "../../../replay/check/checksums.ts";
import { HeaderStack } from "../../../replay/check/headers.ts";
import { PROFILE_NAMES } from "../../../replay/check/verdicts.ts";
import { anyWorld } from "../../../replay/check/world.ts";
import { openTrace } from "../../../traces/open.ts";
import { reportOf, tcpPacket, testChecker } from "../../support/checked.ts";
import { viewOf } from "../../support/ipv6-packet.ts";
import { ipPacket } from "../../support/judged.ts";
import { announceSkip, haveShared, sharedPath } from "../../support/project.ts";

/** Right, wrong and unknown transport checksums of every packet of a capture. */
async function sums(path: string): Promise<{ right: number; wrong: number; unknown: number }> {
  const options = {
    worlds: anyWorld(),
    profiles: PROFILE_NAMES,
    judged: PROFILE_NAMES,
    all: true,
    lines: null,
  };
  const checker = new Checker(options);
  for await (const batch of await openTrace([path])) {
    for (let i = 0; i < batch.count; i++) checkPacket(checker, batch, i);
  }
  checker.finish();
  const { transport } = checker.summary;
  return {
    right: transport[SUM_RIGHT],
    wrong: transport[SUM_WRONG] + transport[SUM_FIRST_HOP],
    unknown: transport[SUM_UNKNOWN] + transport[SUM_BLANK] + transport[SUM_NONE],
  };
}

const sumOf = (packet: Uint8Array, captured = packet.length): number => {
  const headers = new HeaderStack();
  headers.read(viewOf(packet), 0, captured, packet.length);
  return transportChecksum(viewOf(packet), headers, 0);
};

if (haveShared("spec/fig1-vectors.pcap", "the worked packets' checksums")) {
  test("case 82: E1 to E9 are right whether their route is completed or not", async () => {
    assert.equal(await sums(sharedPath("spec/fig1-vectors.pcap")), {
      right: 10,
      wrong: 0,
      unknown: 0,
    });
  });

  test("case 82: what tools report that take the last address is wrong for completed routes", () => {
    // E2, E4, E6 and E8 with the last option address in the pseudo-header.
    const file = readFileSync(sharedPath("spec/fig1-vectors.pcap"));
    const view = new DataView(file.buffer, file.byteOffset, file.length);
    const little = view.getUint32(0) === 0xd4c3b2a1;
    const found: number[] = [];
    for (let at = 24; at < file.length; at += 16 + view.getUint32(at + 8, little)) {
      const ip = at + 16;
      const length = (view.getUint8(ip) & 15) << 2;
      const pointer = length === 28 ? view.getUint8(ip + 23) : 4;
      if (pointer !== 8) continue;
      const right = view.getUint16(ip + length + 16);
      const delta = view.getUint32(ip + 16) - view.getUint32(ip + 24);
      const half = (n: number) => (((n % 0x10000) + 0x10000) % 0x10000) + Math.floor(n / 0x10000);
      let sum = right + half(delta);
      while (sum > 0xffff || sum < 0) sum = (sum & 0xffff) + (sum >> 16);
      found.push(sum);
    }
    for (const buggy of [0x6540, 0x2284, 0x2095, 0xff2e]) assert.ok(found.includes(buggy));
  });

  test("every mobility and routing vector has a right checksum", async () => {
    const { wrong, unknown } = await sums(sharedPath("spec/ipv6-vectors.pcap"));
    assert.equal([wrong, unknown], [0, 0]);
  });
}

if (haveShared("kernel/linux-lsrr-http-client.pcap", "checksums of real hosts")) {
  for (const side of ["client", "server"]) {
    const path = sharedPath(`kernel/linux-lsrr-http-${side}.pcap`);

    test(`every transport checksum that Linux sent is right at the ${side}`, async () => {
      assert.equal(await sums(path), { right: 97, wrong: 0, unknown: 0 });
    });

    test(`tcpdump calls right checksums of completed routes wrong at the ${side}`, () => {
      const tcpdump = spawnSync("tcpdump", ["-nvvr", path], { encoding: "utf8" });
      if (tcpdump.error) {
        announceSkip("tcpdump's opinion on checksums", "tcpdump is not installed");
        return;
      }
      const incorrect = tcpdump.stdout.split("\n").filter((line) => line.includes("incorrect"));
      assert.ok(incorrect.length > 0, "tcpdump has been mended: say so in the documentation");
    });
  }
}

const ROUTE = "01830704cb007109";

test("a checksum over the first hop is told from one that is merely wrong", () => {
  const fields = { source: "192.0.2.1", destination: "198.51.100.7", options: ROUTE, flags: 16 };
  assert.is(sumOf(tcpPacket({ ...fields, final: "203.0.113.9" })), SUM_RIGHT);
  assert.is(sumOf(tcpPacket(fields)), SUM_FIRST_HOP);
  assert.is(sumOf(tcpPacket({ ...fields, final: "203.0.113.10" })), SUM_WRONG);
});

test("what is cut, fragmented or left to the network card is unknown, not wrong", () => {
  const whole = tcpPacket({
    source: "192.0.2.1",
    destination: "198.51.100.7",
    flags: 16,
    payload: 100,
  });
  assert.is(sumOf(whole), SUM_RIGHT);
  for (const captured of [139, 60, 41, 30, 21]) assert.is(sumOf(whole, captured), SUM_UNKNOWN);
  const fragment = whole.slice();
  viewOf(fragment).setUint16(6, 0x2000);
  assert.is(sumOf(fragment), SUM_UNKNOWN);
  viewOf(fragment).setUint16(6, 7);
  assert.is(sumOf(fragment), SUM_UNKNOWN);
  // The folded pseudo-header alone, as Linux leaves it for the card: with the length and without.
  const blank = whole.slice();
  const pseudo = 0xc000 + 0x0201 + 0xc633 + 0x6407 + 6;
  const fold = (n: number) => (n & 0xffff) + (n >>> 16);
  for (const length of [120, 0]) {
    viewOf(blank).setUint16(36, fold(fold(pseudo + length)));
    assert.is(sumOf(blank), SUM_BLANK);
    assert.is(sumOf(blank, 60), SUM_BLANK);
  }
  viewOf(blank).setUint16(36, 0);
  assert.is(sumOf(blank), SUM_BLANK);
});

test("UDP over IPv4 may go without a checksum", () => {
  const packet = ipPacket({ destination: "198.51.100.7", payload: "04570009000a00006869" });
  assert.is(sumOf(packet), SUM_NONE);
});

test("every kernel drops a header whose own checksum is wrong, after a right one like it too", () => {
  const options = "8307040a140005" + "01";
  const right = ipPacket({ destination: "198.51.100.7", options });
  const wrong = right.slice();
  wrong[11] ^= 1;
  const blank = right.slice();
  viewOf(blank).setUint16(10, 0);
  const checker = testChecker();
  const actions = (packet: Uint8Array) => {
    const report = reportOf(checker, packet);
    return PROFILE_NAMES.map((name) => report?.verdicts[name]?.action);
  };
  const sound = actions(right);
  assert.not.ok(sound.includes("drop"));
  assert.equal(actions(wrong), Array(PROFILE_NAMES.length).fill("drop"));
  assert.equal(actions(blank), sound);
});

test.run();
