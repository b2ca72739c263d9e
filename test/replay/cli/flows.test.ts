/** `anypin flows` as a user meets it. */
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pcapHeader, pcapRecord } from "../../support/capture-builder.ts";
import { runHere, runProgram } from "../../support/cli.ts";
import { ethernet, ipv4, tcp, udp } from "../../support/segment.ts";

const folder = mkdtempSync(join(tmpdir(), "anypin-flows-"));
const file = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

/** A packet at a time in microseconds from client to server or back. */
const packet = (micros: number, data: Uint8Array): Buffer =>
  pcapRecord({ seconds: 1_700_000_000 + Math.floor(micros / 1e6), fraction: micros % 1e6, data });

const segment = (
  client: boolean,
  port: number,
  flags: number,
  sequence: number,
  acknowledgment: number,
  payload = 0,
) =>
  ethernet(
    ipv4(
      tcp({
        from: client ? port : 80,
        to: client ? 80 : port,
        flags,
        sequence,
        acknowledgment,
        payload,
      }),
      client ? {} : { source: "10.0.0.2", destination: "10.0.0.1" },
    ),
    0x0800,
  );

/** One connection from SYN to last acknowledgement, as records. */
const connection = (port: number, micros: number): Buffer =>
  Buffer.concat([
    packet(micros, segment(true, port, 0x02, 100, 0)),
    packet(micros + 1, segment(false, port, 0x12, 500, 101)),
    packet(micros + 2, segment(true, port, 0x18, 101, 501, 70)),
    packet(micros + 3, segment(false, port, 0x18, 501, 171, 900)),
    packet(micros + 4, segment(true, port, 0x11, 171, 1401)),
    packet(micros + 5, segment(false, port, 0x11, 1401, 172)),
    packet(micros + 6, segment(true, port, 0x10, 172, 1402)),
  ]);

const dns = packet(9, ethernet(ipv4(udp(5353, 53, 20), { protocol: 17 }), 0x0800));
const small = file("small.pcap", Buffer.concat([pcapHeader(), connection(40000, 1), dns]));
const HEADER =
  "client,clientPort,server,serverPort,protocol,start,duration,clientBytes,serverBytes,clientPackets,serverPackets,close,midstream";

test("--csv - writes a header and a line a connection, times padded", async () => {
  const { status, out, err } = await runHere(["flows", small, "--csv", "-"]);
  assert.is(status, 0);
  assert.is(err, "");
  assert.equal(out.trimEnd().split("\n"), [
    HEADER,
    "10.0.0.1,40000,10.0.0.2,80,tcp,1700000000.000001,0.000006,70,900,4,3,fin,false",
    "10.0.0.1,5353,10.0.0.2,53,udp,1700000000.000009,0.000000,20,0,1,0,open,false",
  ]);
});

test("--json prints one object a line with the same fields", async () => {
  const { out } = await runHere(["flows", "--json", small]);
  const [first = "{}"] = out.split("\n");
  assert.equal(JSON.parse(first), {
    client: "10.0.0.1",
    clientPort: 40000,
    server: "10.0.0.2",
    serverPort: 80,
    protocol: "tcp",
    start: 1700000000.000001,
    duration: 0.000006,
    clientBytes: 70,
    serverBytes: 900,
    clientPackets: 4,
    serverPackets: 3,
    close: "fin",
    midstream: false,
  });
});

test("--csv FILE writes the file, and --json may go along", async () => {
  const csv = join(folder, "out.csv");
  const { out } = await runHere(["flows", small, "--csv", csv, "--json"]);
  assert.is(readFileSync(csv, "utf8").split("\n").length, 4);
  assert.is(out.split("\n").length, 3);
});

test("without either, a summary says what there is", async () => {
  const { out } = await runHere(["flows", small]);
  assert.match(out, /8 packets/);
  assert.match(out, /TCP +1 +0 +1 +0 +0 +0 +70 B +900 B/);
  assert.match(out, /10\.0\.0\.2:80\/tcp +1 +970 B/);
});

test("a wrong line is told what is wrong with it", async () => {
  const says = async (words: string[], pattern: RegExp) => {
    const { status, err, out } = await runHere(["flows", ...words]);
    assert.is(status, 2, words.join(" "));
    assert.match(err, pattern);
    assert.is(out, "");
  };
  await says([], /needs a capture/);
  await says([small, "--service", "nowhere"], /--service: expected HOST/);
  await says([small, "--service", "10.0.0.0/33"], /--service: expected HOST/);
  await says([small, "--service", "10.0.0.1:0"], /expected a port from 1 to 65535; found "0"/);
  await says([small, "--idle", "-1"], /--idle/);
  await says([small, "--json", "--csv", "-"], /both write to stdout/);
  await says([small, "--csv", join(folder, "no", "such", "place.csv")], /ENOENT/);
});

test("a missing file, a directory and no capture each have their message, status 3", async () => {
  for (const path of [join(folder, "none.pcap"), folder, file("text.pcap", "once upon a time\n")]) {
    const { status, err, out } = await runHere(["flows", "--csv", "-", path]);
    assert.is(status, 3);
    assert.match(err, /^anypin flows: .*: expected .*, found /);
    assert.is(out, "");
  }
});

test("damage is reported, and what stands before and behind it is kept", async () => {
  const many = (from: number) =>
    Array.from({ length: 20 }, (_, i) => connection(from + i, (from + i) * 10));
  const garbage = Buffer.alloc(1000, 0xa5);
  const path = file(
    "torn.pcap",
    Buffer.concat([pcapHeader(), ...many(2000), garbage, ...many(3000)]),
  );
  const { status, out, err } = await runHere(["flows", "--json", path]);
  assert.is(status, 3);
  assert.match(err, /torn\.pcap: byte \d+, packet 141: expected .*skipped 1000 bytes and went on/);
  const rows = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { close: string });
  assert.is(rows.length, 40);
  assert.ok(rows.every(({ close }) => close === "fin"));
});

test("a capture comes through a pipe as well", () => {
  const { status, out } = runProgram(["flows", "-", "--csv", "-"], readFileSync(small));
  assert.is(status, 0);
  assert.is(out.split("\n").length, 4);
});

test("no output overwrites an input, by whatever name", async () => {
  const bytes = readFileSync(small);
  const alias = join(folder, "alias.pcap");
  symlinkSync(small, alias);
  for (const words of [
    ["flows", small, "--out", small],
    ["flows", small, "--csv", `${folder}/./small.pcap`],
    ["flows", alias, "--parquet", small],
    ["replay", small, "--engine", "stack", "--write", alias],
    ["replay", small, "--report", small],
    ["report", small, "--out", alias],
  ]) {
    const { status, err } = await runHere(words);
    assert.is(status, 2, words.join(" "));
    assert.match(err, "expected another file than those read");
    assert.equal(readFileSync(small), bytes);
  }
});

test.run();
