/** Connection counts on captures that others made, held against tshark's. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { IPPROTO_TCP } from "../../stack/wire/ipv4.ts";
import { ConnectionTracker } from "../../traces/connections.ts";
import { TraceError } from "../../traces/errors.ts";
import { openTrace } from "../../traces/open.ts";
import { haveShared, sharedPath } from "../support/project.ts";

/** Where our count is not tshark's, and why. */
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
    because: "a data offset beyond the segment: we need only its ports, tshark drops it",
  },
};

/** TCP connections of a capture, tunnels entered as tshark does; 0 when it is refused. */
async function countTcp(path: string): Promise<number> {
  const tracker = new ConnectionTracker({ tunnels: true });
  let count = 0;
  try {
    for await (const batch of await openTrace([path])) {
      const { opened } = tracker.follow(batch);
      count += opened.protocol.subarray(0, opened.count).filter((p) => p === IPPROTO_TCP).length;
    }
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
  }
  return count;
}

test("TCP connections are as many as tshark counts streams, file by file", async () => {
  if (!haveShared("captures/INDEX.tsv", "connection counts")) return;
  const [head = "", ...rows] = readFileSync(sharedPath("captures/INDEX.tsv"), "utf8")
    .trim()
    .split("\n");
  const column = head.split("\t").indexOf("tcp_conns");
  const wrong: string[] = [];
  for (const row of rows) {
    const fields = row.split("\t");
    const name = fields[0] ?? "";
    const expected = DIFFERENT[name]?.connections ?? Number(fields[column]);
    const found = await countTcp(sharedPath(`captures/files/${name}`));
    if (found !== expected) wrong.push(`${name}: ${found}, expected ${expected}`);
  }
  assert.equal(wrong, []);
});

test.run();
