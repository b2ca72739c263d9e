/** Ctrl-C while a capture is read, by way of an abort signal: what came until then is there. */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTrace, type Trace } from "../../../traces/open.ts";
import { pcapHeader, pcapRecord } from "../../support/capture-builder.ts";
import { announceSkip } from "../../support/project.ts";
import { readPackets } from "../../support/read-packets.ts";
import { capture, sameAsCapture, sourceFiles } from "../../support/source-files.ts";

const files = sourceFiles();
const { folder, put } = files;
test.after(() => files.remove());

/** Aborts soon after so many bytes have been taken, when what comes of them should be there. */
function abortAt(bytes: number, trace: Trace, abort: AbortController): void {
  const look = setInterval(() => {
    if (trace.bytesRead < bytes) return;
    clearInterval(look);
    setTimeout(() => abort.abort(), 100);
  }, 10);
}

test("an abort ends the reading where it is", async () => {
  const abort = new AbortController();
  const trace = await openTrace([put("plain.pcap", capture)], { signal: abort.signal });
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

test("of a pipe, all packets that came before an abort are read, the last one too", async () => {
  const fifo = join(folder, "fifo");
  if (spawnSync("mkfifo", [fifo]).status !== 0) return announceSkip("a silent pipe", "no mkfifo");
  const path = put("whole.pcap", capture);
  const writer = spawn("sh", ["-c", `exec 3>${fifo}; cat ${path} >&3; exec sleep 20`]);
  const abort = new AbortController();
  const trace = await openTrace([fifo], { signal: abort.signal });
  abortAt(capture.length, trace, abort);
  sameAsCapture(await readPackets(trace));
  assert.equal([trace.interrupted, trace.damage], [true, []]);
  writer.kill();
});

test("an abort before anything came is no empty file", async () => {
  const fifo = join(folder, "fifo-empty");
  if (spawnSync("mkfifo", [fifo]).status !== 0) return announceSkip("a silent pipe", "no mkfifo");
  const writer = spawn("sh", ["-c", `exec 3>${fifo}; exec sleep 20`]);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  const refused = await openTrace([fifo], { signal: abort.signal }).then(String, String);
  assert.match(refused, "byte 0, packet 1: expected more bytes, found an interruption");
  writer.kill();
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
    abortAt(500_000, trace, abort);
    const packets = await readPackets(trace);
    sameAsCapture(packets, packets.length);
    assert.ok(packets.length > 1000);
    assert.equal([trace.interrupted, trace.damage], [true, []]);
    writer.kill();
  });
}

test.run();
