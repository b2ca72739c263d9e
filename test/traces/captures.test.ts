/** Connections of captures that others made, held against tshark's. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { IPPROTO_TCP } from "../../stack/wire/ipv4.ts";
import { TraceError } from "../../traces/errors.ts";
import { type FollowedConnection, followCapture } from "../support/follow-capture.ts";
import { announceSkip, haveShared, sharedPath } from "../support/project.ts";

/** Where our connections are not tshark's streams, and why. */
const DIFFERENT: Readonly<Record<string, { connections: number; because: string }>> = {
  "fmt-pcpp-solaris.snoop": { connections: 0, because: "a snoop file, refused by name" },
  "fmt-pcpp-pcapng-example.pcapng": {
    connections: 16,
    because: "its interfaces' clocks are 46 years apart: a connection goes idle in between",
  },
  "fmt-tcpdump-timestamp_invalid_micro.pcap": {
    connections: 2,
    because: "a fraction of 1,000 seconds, which tshark cuts to one: longer than the idle time-out",
  },
  "fmt-pcpp-tcp-malformed.pcap": {
    connections: 1,
    because: "a data offset beyond the segment, where tshark gives up: the ports are whole",
  },
};

/** Where packets or payload per connection differ though the count does not. */
const DIFFERENT_INSIDE: Readonly<Record<string, string>> = {
  "fmt-libpcap-AH-IPcomp-IPv4.pcap": "IPComp, which tshark inflates: four of its ten packets",
  "tcp-zeek-truncated-header.pcap": "a header cut short, which tshark's conversations leave out",
};

interface Row {
  name: string;
  path: string;
  streams: number;
}

const captures: Row[] = haveShared("captures/INDEX.tsv", "connections beside tshark's")
  ? indexRows(readFileSync(sharedPath("captures/INDEX.tsv"), "utf8"))
  : [];

function indexRows(text: string): Row[] {
  const [head = "", ...lines] = text.trim().split("\n");
  const column = head.split("\t").indexOf("tcp_conns");
  return lines.map((line) => {
    const fields = line.split("\t");
    const [name = ""] = fields;
    return { name, path: sharedPath(`captures/files/${name}`), streams: Number(fields[column]) };
  });
}

/** TCP connections, tunnels entered as tshark does; none when the file is refused. */
async function tcpConnections(path: string): Promise<FollowedConnection[]> {
  try {
    const all = await followCapture(path, { tunnels: true });
    return all.filter(({ protocol }) => protocol === IPPROTO_TCP);
  } catch (error) {
    if (error instanceof TraceError) return [];
    throw error;
  }
}

/** A connection as text, whichever end is which: each end's port and what it sent. */
const symmetric = (ends: readonly (readonly [port: number, packets: number, bytes: number])[]) =>
  ends
    .map((end) => end.join(" "))
    .sort()
    .join(" | ");

const port = (end: string): number => Number(end.split(" ").at(-1));

const ours = (connections: readonly FollowedConnection[], pick: "bytes" | "wire"): string[] =>
  connections
    .map((c) =>
      symmetric([
        [port(c.client), c.packets[0], c[pick][0]],
        [port(c.server), c.packets[1], c[pick][1]],
      ]),
    )
    .sort();

test("TCP connections are as many as tshark's streams, file by file", async () => {
  const wrong: string[] = [];
  for (const { name, path, streams } of captures) {
    const expected = DIFFERENT[name]?.connections ?? streams;
    const found = (await tcpConnections(path)).length;
    if (found !== expected) wrong.push(`${name}: ${found}, expected ${expected}`);
  }
  assert.equal(wrong, []);
});

/** `A:port <-> B:port  frames n bytes  frames n bytes …` of `tshark -z conv,tcp`; `<-` comes first. */
const CONVERSATION = /^\S+:(\d+)\s+<->\s+\S+:(\d+)\s+(\d+) (\d+) bytes\s+(\d+) (\d+) bytes\s/;

test("packets and bytes on the wire are those of tshark's recorded conversations", async () => {
  let compared = 0;
  for (const { name, path } of captures) {
    const truth = sharedPath(`captures/truth/${name}.conv.txt`);
    if (DIFFERENT[name] || DIFFERENT_INSIDE[name] || !existsSync(truth)) continue;
    const text = readFileSync(truth, "utf8").split("TCP Conversations")[1] ?? "";
    // Conversations whose bytes tshark has rounded to kB are left out, on both sides by ports.
    const exact = text.split("\n").flatMap((line) => {
      const [, a, b, toA, bytesToA, toB, bytesToB] = (CONVERSATION.exec(line) ?? []).map(Number);
      if (a === undefined) return [];
      return [
        symmetric([
          [a, toB, bytesToB],
          [b, toA, bytesToA],
        ]),
      ];
    });
    const found = ours(await tcpConnections(path), "wire");
    const missing = exact.filter((line) => !found.includes(line));
    assert.equal(missing, [], name);
    compared += exact.length;
  }
  if (captures.length > 0) assert.ok(compared > 500, `${compared} conversations compared`);
});

const run = promisify(execFile);
const TSHARK_FIELDS = ["tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.len", "ip.src", "ipv6.src"];

/** tshark's streams as `ours` writes connections. */
async function tsharkStreams(path: string): Promise<string[]> {
  const fields = TSHARK_FIELDS.flatMap((field) => ["-e", field]);
  const args = ["-n", "-r", path, "-Y", "tcp && !icmp && !icmpv6", "-T", "fields"];
  const { stdout } = await run("tshark", [...args, "-E", "occurrence=l", ...fields], {
    maxBuffer: 1 << 28,
  }).catch((error: { stdout: string }) => error);
  const streams = new Map<string, Map<string, [number, number, number]>>();
  for (const line of stdout.split("\n")) {
    const [stream = "", from = "", to = "", length = "", v4 = "", v6 = ""] = line.split("\t");
    if (stream === "") continue;
    const ends = streams.get(stream) ?? new Map<string, [number, number, number]>();
    streams.set(stream, ends);
    const sender = `${v6 || v4} ${from}`;
    const end = ends.get(sender) ?? [Number(from), 0, 0];
    ends.set(sender, [end[0], end[1] + 1, end[2] + Number(length || 0)]);
    if (ends.size === 1) ends.set("", [Number(to), 0, 0]);
    else if (ends.size === 3) ends.delete("");
  }
  return [...streams.values()].map((ends) => symmetric([...ends.values()])).sort();
}

test("packets and payload of every connection are those of a live tshark", async () => {
  if (captures.length === 0) return;
  const there = await run("tshark", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!there) return announceSkip("connections beside a live tshark", "tshark is not installed");
  const queue = captures.filter(({ name, streams }) => streams > 0 && !DIFFERENT[name]);
  const wrong: string[] = [];
  const worker = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      if (DIFFERENT_INSIDE[row.name]) continue;
      const theirs = await tsharkStreams(row.path);
      const found = ours(await tcpConnections(row.path), "bytes");
      for (const line of theirs.filter((l) => !found.includes(l)))
        wrong.push(`${row.name} theirs: ${line}`);
      for (const line of found.filter((l) => !theirs.includes(l)))
        wrong.push(`${row.name} ours:   ${line}`);
    }
  };
  await Promise.all([worker(), worker()]);
  assert.equal(wrong, []);
});

test.run();
