/** Names on a command line: what is opened, and what is said of what cannot be. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceError } from "../../../traces/errors.ts";
import { openTrace } from "../../../traces/open.ts";
import { pcapHeader, sectionBlock } from "../../support/capture-builder.ts";
import { projectPath } from "../../support/project.ts";
import { capture, sourceFiles } from "../../support/source-files.ts";

const files = sourceFiles();
const { folder, put } = files;
test.after(() => files.remove());

const plain = put("plain.pcap", capture);

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

/** What is said of an input that cannot be read at all. */
const REFUSED: readonly [string, string, string][] = [
  ["a name without a letter", "", "expected a capture, found no such file"],
  ["a missing file", join(folder, "nowhere.pcap"), "expected a capture, found no such file"],
  ["a name too long", join(folder, "x".repeat(300)), "found a name too long for any file"],
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
  [
    "a flow trace",
    put("flows", Buffer.from("\x89anyFLOW", "latin1")),
    "in which there are no packets",
  ],
  ["Parquet", put("parquet", Buffer.from("PAR1\x15\x04")), "a Parquet file"],
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
      assert.ok(message.startsWith(`${path || '""'}: byte `), message);
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

test.run();
