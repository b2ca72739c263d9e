/** Files, pipes and compressions: the same packets whichever way the bytes come. */
import { spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceError } from "../../traces/errors.ts";
import { openTrace } from "../../traces/open.ts";
import { pcapBytes, pcapHeader, pcapRecord, sectionBlock } from "../support/capture-builder.ts";
import { announceSkip, projectPath } from "../support/project.ts";
import { testRandom } from "../support/random.ts";
import { type ReadPacket, readPackets, testFolder } from "../support/read-packets.ts";

const folder = testFolder();
test.after(() => rmSync(folder, { recursive: true }));

/** Writes a file into the test's folder; returns its path. */
function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const random = testRandom(21);
const PACKETS = Array.from({ length: 3000 }, (_, i) => ({
  seconds: 1_700_000_000 + i,
  fraction: i,
  data: random.bytes(200),
}));
const capture = pcapBytes(PACKETS);
const plain = put("plain.pcap", capture);
const expected = await readPackets(await openTrace([plain]));

/** Fails without printing thousands of packets. */
function same(packets: readonly ReadPacket[], wanted: readonly ReadPacket[]): void {
  assert.is(packets.length, wanted.length);
  assert.is(
    packets.findIndex((packet, i) => packet.data !== wanted[i].data),
    -1,
  );
}

test("a plain file: format, origin, size and progress are told", async () => {
  const trace = await openTrace([plain]);
  assert.is(trace.format, "pcap");
  assert.is(trace.origin, 1_700_000_000n * 1_000_000_000n);
  assert.is(trace.size, capture.length);
  for await (const batch of trace) assert.ok(batch.count > 0);
  assert.is(trace.bytesRead, capture.length);
  assert.is(trace.packets, 3000);
  assert.is(trace.truncated, false);
});

test("gzip is told by content, and its members may be many", async () => {
  const one = put("not-called-gz", gzipSync(capture));
  same(await readPackets(await openTrace([one])), expected);
  const cut = 100_000;
  const many = [gzipSync(capture.subarray(0, cut)), gzipSync(capture.subarray(cut))];
  const two = put("two-members.gz", Buffer.concat(many));
  same(await readPackets(await openTrace([two])), expected);
});

test("of a cut gzip file, everything up to the cut is read", async () => {
  const whole = gzipSync(capture);
  const trace = await openTrace([put("cut.gz", whole.subarray(0, whole.length - 3000))]);
  const packets = await readPackets(trace);
  assert.ok(packets.length > 2970 && packets.length < 3000, `${packets.length}`);
  same(packets, expected.slice(0, packets.length));
  assert.is(trace.damage.length, 1);
  assert.is(trace.damage[0].expected, "gzip data");
  assert.is(trace.damage[0].packet, packets.length + 1);
  assert.is(trace.truncated, true);
});

test("of a damaged gzip file, all that stands before the damage is read", async () => {
  const checksum = gzipSync(capture);
  checksum[checksum.length - 6] ^= 1;
  const wrong = await openTrace([put("checksum.gz", checksum)]);
  same(await readPackets(wrong), expected);
  assert.match(wrong.damage[0].found, "incorrect data check");

  const second = gzipSync(capture.subarray(300_000));
  second.fill(0xff, 10, 400);
  const broken = Buffer.concat([gzipSync(capture.subarray(0, 300_000)), second]);
  const trace = await openTrace([put("broken.gz", broken)]);
  const packets = await readPackets(trace);
  assert.is(packets.length, Math.floor((300_000 - 24) / 216));
  same(packets, expected.slice(0, packets.length));
  assert.match(trace.damage[0].found, "damaged compressed data");
});

for (const program of ["zstd", "xz"]) {
  test(`${program} is told by content and decompressed by the program`, async () => {
    const packed = spawnSync(program, ["-c"], { input: capture, maxBuffer: 1 << 24 });
    if (packed.error) return announceSkip(`reading ${program}`, `no ${program} here`);
    const path = put(`packed-${program}`, packed.stdout);
    same(await readPackets(await openTrace([path])), expected);
    const cut = put(`cut-${program}`, packed.stdout.subarray(0, packed.stdout.length - 2000));
    const trace = await openTrace([cut]);
    const packets = await readPackets(trace);
    same(packets, expected.slice(0, packets.length));
    assert.is(trace.damage[0].expected, `whole ${program} data`);
    const nothing = put(`begun-${program}`, packed.stdout.subarray(0, 20));
    const refused = await openTrace([nothing]).then(String, String);
    assert.match(refused, `begun-${program}: byte 0, packet 1: expected whole ${program} data`);
  });

  test(`without the program, a ${program} file is refused with what is missing`, async () => {
    const magic = program === "zstd" ? "28b52ffd00000000" : "fd377a585a000000";
    const path = put(`empty-${program}`, Buffer.from(magic, "hex"));
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      await openTrace([path]);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, TraceError);
      assert.match((error as Error).message, `the program ${program}, to decompress this file`);
    } finally {
      process.env.PATH = before;
    }
  });
}

/** What is said of an input that cannot be read at all. */
const REFUSED: readonly [string, string, string][] = [
  ["a missing file", join(folder, "nowhere.pcap"), "expected a capture, found no such file"],
  ["a directory", folder, "expected a capture, found a directory"],
  ["an empty file", put("empty", Buffer.alloc(0)), "capture, found an empty file"],
  [
    "a longer text",
    put("prose", Buffer.from("# A title\n\nand some prose below it.\n")),
    'found the text "# A titl"',
  ],
  ["a text", put("text", Buffer.from("hello, world\n")), 'found the text "hello, w"'],
  ["other bytes", put("bytes", Buffer.from("00ff00ff", "hex")), "found the bytes 00 ff 00 ff"],
  [
    "a cut pcap header",
    put("cut.pcap", pcapHeader().subarray(0, 10)),
    "byte 10, packet 1: expected a pcap file header of 24 bytes, found the end of the file",
  ],
  [
    "a cut section header",
    put("cut.pcapng", sectionBlock().subarray(0, 10)),
    "byte 10, packet 1: expected a section header of 28 bytes",
  ],
  ["snoop", put("snoop", Buffer.from("snoop\0\0\0\0\0\0\x02")), "a Solaris snoop capture"],
  ["netmon 1", put("netmon1", Buffer.from("RTSS\x01\x01")), "Network Monitor 1"],
  ["netmon 2", put("netmon2", Buffer.from("GMBU\x02\x00")), "Network Monitor 2"],
  ["bzip2", put("bzip2", Buffer.from("BZh91AY&SY")), "a bzip2-compressed file"],
  [
    "ERF",
    put("erf", Buffer.from("00000000f1536551020400540000003c", "hex")),
    "what may be an Endace ERF capture",
  ],
];
for (const [what, path, said] of REFUSED) {
  test(`${what} is refused by name: ${said}`, async () => {
    try {
      await openTrace([path]);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, TraceError);
      const { message } = error as Error;
      assert.ok(message.startsWith(`${path}: byte `), message);
      assert.ok(message.includes(said), message);
    }
  });
}

/** Runs a program over `-` with `input` as its standard input; returns what it prints. */
function countFromStdin(input: "pipe" | string): Promise<string> {
  const script = `
    import { openTrace } from ${JSON.stringify(projectPath("dist/traces/open.js"))};
    const trace = await openTrace(["-"]);
    for await (const _ of trace);
    console.log(trace.files.join(), trace.packets, trace.size, trace.truncated);`;
  const command = `"$0" --input-type=module -e "$1" ${input === "pipe" ? "" : `< ${input}`}`;
  return new Promise((resolve) => {
    const child = spawn("sh", ["-c", command, process.execPath, script]);
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.on("close", () => resolve(output.trim()));
    if (input !== "pipe") return;
    const packed = gzipSync(capture);
    child.stdin.write(packed.subarray(0, 1));
    setTimeout(() => child.stdin.end(packed.subarray(1)), 50);
  });
}

test("standard input is read from a pipe, compressed or not, and from a file", async () => {
  assert.is(await countFromStdin("pipe"), "- 3000 null false");
  assert.is(await countFromStdin(plain), `- 3000 ${capture.length} false`);
});

test("many captures that programs decompress are read without a word from Node", async () => {
  const packed = spawnSync("zstd", ["-c"], { input: capture });
  if (packed.error) return announceSkip("many compressed captures", "no zstd");
  const names = Array.from({ length: 12 }, (_, i) => put(`many-${i}.zst`, packed.stdout));
  const warnings: string[] = [];
  const note = ({ name }: Error) => warnings.push(name);
  process.on("warning", note);
  const trace = await openTrace(names, { signal: new AbortController().signal });
  for await (const _ of trace);
  await new Promise(setImmediate);
  process.off("warning", note);
  assert.equal([trace.packets, warnings], [12 * 3000, []]);
});

test("an abort ends the reading where it is", async () => {
  const abort = new AbortController();
  const trace = await openTrace([plain], { signal: abort.signal });
  for await (const _ of trace) abort.abort();
  assert.ok(trace.packets > 0 && trace.packets < 3000);
  assert.equal([trace.interrupted, trace.truncated], [true, true]);
});

test("an abort from the event loop is heard while a large file is read", async () => {
  const record = pcapRecord({ seconds: 1e9, fraction: 0, data: new Uint8Array(1400) });
  const records = Array<Buffer>(15_000).fill(record);
  const large = put("large.pcap", Buffer.concat([pcapHeader(), ...records]));
  const abort = new AbortController();
  const trace = await openTrace([large], { signal: abort.signal });
  setImmediate(() => abort.abort());
  for await (const _ of trace);
  assert.ok(trace.packets > 0 && trace.packets < 15_000, `${trace.packets} packets`);
  assert.is(trace.interrupted, true);
});

for (const through of ["cat", "gzip", "zstd"]) {
  test(`an abort ends the wait for a silent pipe (${through})`, async () => {
    const packed = spawnSync(through, through === "cat" ? [] : ["-c"], { input: capture });
    if (packed.error) return announceSkip("a silent pipe", `no ${through}`);
    const path = put(`silent-${through}`, packed.stdout);
    const fifo = join(folder, `fifo-${through}`);
    if (spawnSync("mkfifo", [fifo]).status !== 0) return announceSkip("a silent pipe", "no mkfifo");
    const script = `exec 3>${fifo}; head -c 500000 ${path} >&3; exec sleep 20`;
    const writer = spawn("sh", ["-c", script]);
    const abort = new AbortController();
    const trace = await openTrace([fifo], { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    const packets = await readPackets(trace);
    same(packets, expected.slice(0, packets.length));
    assert.ok(packets.length > 1000);
    assert.is(trace.interrupted, true);
    writer.kill();
  });
}

test.run();
