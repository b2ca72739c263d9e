/** `anypin check` as a program: its JSON, its exit status, its worlds, its files. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PacketReport } from "../../../replay/check/report.ts";
import {
  capture,
  check,
  folder,
  linesOf,
  misaligned,
  plain,
  routed,
} from "../../support/check-command.ts";
import { tcpPacket } from "../../support/checked.ts";

const U = "198.51.100.7";
const G = "c6336532";
test("one object for each packet with options, and a summary at the end", async () => {
  const path = capture("shape.pcap", [plain, routed, misaligned]);
  const { out, status } = await check("--json", path);
  const lines = linesOf(out);
  assert.is(lines.length, 3);
  const first = lines[0] as PacketReport;
  assert.is(first.packet, 2);
  assert.is(first.source, "192.0.2.1");
  assert.is(first.destination, U);
  assert.equal(first.options, [
    { type: 1, name: "nop", offset: 20, length: 1 },
    { type: 131, name: "lsrr", offset: 21, length: 7, pointer: 4, addresses: ["198.51.101.50"] },
  ]);
  assert.equal(first.checksums, { ip: true, transport: true });
  assert.equal(first.findings, []);
  assert.is(first.reencodes, true);
  assert.equal(Object.keys(first.verdicts), ["engel", "linux", "bsd44", "freebsd"]);
  assert.is(first.verdicts.engel.action, "forward");
  const { summary } = lines[2] as { summary: Record<string, unknown> };
  assert.equal([summary.packets, summary.withOptions, summary.invalid], [3, 2, 1]);
  assert.is(status, 1);
});

test("the profile decides what is invalid", async () => {
  const path = capture("profile.pcap", [misaligned]);
  assert.is((await check(path)).status, 1);
  assert.is((await check("--profile", "linux", path)).status, 0, "Linux forwards it");
  assert.is((await check("--profile", "all", path)).status, 1);
  const clean = capture("clean.pcap", [plain, routed]);
  assert.is((await check("--profile", "all", clean)).status, 0);
});

test("a wrong checksum is invalid under every profile", async () => {
  const broken = routed.slice();
  broken[broken.length - 1] ^= 1;
  const path = capture("sum.pcap", [broken]);
  for (const profile of ["engel", "linux", "bsd44", "freebsd"]) {
    assert.is((await check("--profile", profile, path)).status, 1, profile);
  }
});

test("wrong checksums and lengths are counted among the findings, however it is asked", async () => {
  const broken = routed.slice();
  broken[broken.length - 1] ^= 1;
  const path = capture("counted.pcap", [broken, routed.subarray(0, routed.length - 4)]);
  for (const words of [["--summary"], []]) {
    const { out, status } = await check(...words, path);
    assert.is(status, 1);
    assert.match(out, /findings {3}length-beyond-frame 1, transport-checksum-wrong 1/);
  }
});

test("counting, reporting and JSON come to the same summary", async () => {
  const path = capture("modes.pcap", [plain, routed, misaligned, routed, routed]);
  const quiet = await check("--summary", "--profile", "all", path);
  const text = await check("--profile", "all", path);
  assert.ok(text.out.endsWith(quiet.out));
  assert.is(quiet.status, text.status);
  const { summary } = linesOf((await check("--json", "--profile", "all", path)).out).at(-1) as {
    summary: { options: Record<string, number>; verdicts: Record<string, Record<string, number>> };
  };
  assert.equal(summary.options, { lsrr: 4, nop: 4 });
  assert.equal(summary.verdicts.engel, { forward: 3, "icmp 12/0": 1 });
  assert.match(quiet.out, /engel {6}forward 3, icmp 12\/0 1/);
});

test("where offload left the length blank, the sum is unknown and the packet leaves with its length", async () => {
  const blank = routed.slice();
  blank[2] = blank[3] = 0;
  const [report] = linesOf((await check("--json", capture("offload.pcap", [blank]))).out) as [
    PacketReport,
  ];
  assert.equal(report.checksums, { ip: null, transport: true });
  assert.is(report.invalid, false);
  for (const { header } of Object.values(report.verdicts)) {
    assert.is(header?.slice(4, 8), routed.length.toString(16).padStart(4, "0"));
  }
});

test("a world decides where packets go, IPv6 included, and is refused by name when it is wrong", async () => {
  const path = capture("world.pcap", [routed]);
  const world = join(folder, "world.json");
  const spec = {
    interfaces: [
      { name: "vB", addresses: [`${U}/24`, "2001:db8::1/64"] },
      { name: "vD", addresses: ["198.51.101.7/24"] },
    ],
    routes: [{ to: "2001:db8:1::/48", via: "2001:db8::9" }],
    arrival: "vB",
    forwarding: true,
    acceptSourceRoute: true,
  };
  writeFileSync(world, JSON.stringify(spec));
  const [report] = linesOf((await check("--json", "--world", world, path)).out) as PacketReport[];
  assert.is(report.verdicts.linux.dev, "vD");
  assert.ok(report.verdicts.linux.header?.endsWith("01830708c6336507"));
  writeFileSync(world, JSON.stringify({ ...spec, acceptSourceRoute: false }));
  const [refused] = linesOf((await check("--json", "--world", world, path)).out) as PacketReport[];
  assert.is(refused.verdicts.linux.action, "drop");
  for (const [text, message] of [
    ["{", /not JSON/],
    ['{"interfaces":[]}', /interfaces/],
    ['{"interfaces":[{"name":"a","addresses":["1.2.3"]}]}', /addresses\[0\]/],
    ['{"interfaces":[{"name":"a","addresses":["::g/1"]}]}', /addresses\[0\]/],
  ] as const) {
    writeFileSync(world, text);
    const { status, err } = await check("--world", world, path);
    assert.is(status, 2);
    assert.match(err, message);
  }
  assert.is((await check("--world", join(folder, "none.json"), path)).status, 2);
});

test("a damaged capture is reported on as far as it goes, with status 3", async () => {
  const path = capture("damaged.pcap", [routed, routed]);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - 5));
  const { out, err, status } = await check("--json", path);
  assert.is(status, 3);
  assert.is((linesOf(out)[0] as PacketReport).packet, 1);
  assert.match(out, /"truncated":true/);
  assert.match(err, /damaged\.pcap: byte \d+, packet 2/);
});

test("several captures are told apart by name, and packets are numbered in each", async () => {
  const one = capture("one.pcap", [routed]);
  const two = capture("two.pcap", [plain, routed]);
  const lines = linesOf((await check("--json", one, two)).out) as PacketReport[];
  assert.equal(
    lines.slice(0, -1).map(({ file, packet }) => [file, packet]),
    [
      [one, 1],
      [two, 2],
    ],
  );
});

test("a packet that only its connection makes worth a line has verdicts and sums of its own", async () => {
  const back = tcpPacket({
    source: U,
    destination: "192.0.2.1",
    sourcePort: 80,
    destinationPort: 40000,
    flags: 16,
    acknowledgment: 2,
  });
  const given = tcpPacket({
    source: "192.0.2.1",
    destination: U,
    options: `01830708${G}`,
    flags: 2,
  });
  // A wrong sum of the packet before must not stand on the line of the one after it.
  const wrong = given.slice();
  wrong[wrong.length - 1] ^= 1;
  const path = capture("dropped.pcap", [given, wrong, back]);
  const lines = linesOf((await check("--json", path)).out) as PacketReport[];
  assert.is(lines.length, 4);
  assert.equal(lines[2].options, []);
  assert.equal(
    lines[2].findings.map(({ code }) => code),
    ["route-dropped"],
  );
  assert.equal(lines[2].checksums, { ip: true, transport: true });
  assert.is(lines[2].verdicts.linux.action, "accept");
  assert.match((await check("--summary", path)).out, /engel {6}accept 3\n/);
});

test.run();
