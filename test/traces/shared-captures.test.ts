/** Every capture that nobody here wrote: as many packets as tshark, tcpdump and pcap-parser find. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import pcapParser from "pcap-parser";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TraceError } from "../../traces/errors.ts";
import { openTrace } from "../../traces/open.ts";
import { announceSkip, haveShared, sharedPath } from "../support/project.ts";
import { type ReadPacket, readPackets } from "../support/read-packets.ts";

const here = haveShared("captures/INDEX.tsv", "packet counts of the shared captures");
const file = (name: string): string => sharedPath(`captures/files/${name}`);

/** Columns of the index that are used here. */
const captures = here
  ? readFileSync(sharedPath("captures/INDEX.tsv"), "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"))
      .map((cell) => ({ name: cell[0], packets: cell[7], quirks: cell[12], container: cell[15] }))
  : [];

/** Files whose packets are not those of the index: what is said, how many are read, and why. */
const OTHERWISE: Record<string, { says: string; packets: number | null; why: string }> = {
  "fmt-libpcap-pcap-invalid-version-1.pcap": {
    says: "byte 4, packet 1: expected pcap version 2, found version 1.4",
    packets: null,
    why: "the index counts records; tshark refuses the version too",
  },
  "fmt-libpcap-linktype-reserved-field-not-zero.pcap": {
    says: "byte 20, packet 1: expected zero in the reserved bits beside the link type",
    packets: 0,
    why: "tshark refuses it; it has no packet to lose",
  },
  "fmt-libpcap-pcapng-invalid-vers-1.pcapng": {
    says: "byte 12, packet 1: expected pcapng version 1.0 or 1.2, found version 0.1",
    packets: null,
    why: "the index counts blocks; tshark refuses the version too",
  },
  "fmt-libpcap-pcapng-invalid-vers-2.pcapng": {
    says: "byte 12, packet 1: expected pcapng version 1.0 or 1.2, found version 1.1",
    packets: null,
    why: "the index counts blocks; tshark refuses the version too",
  },
  "fmt-libpcap-shb-option-too-long.pcapng": {
    says: "byte 0, packet 1: expected the block's length 52 again at its end, found 808464432",
    packets: 0,
    why: "made by a fuzzer: no block's two lengths agree; tshark refuses it too",
  },
  "fmt-libpcapH-pcapng-block-len-too-small.pcapng": {
    says: "byte 28, packet 1: expected a block length of at least 12, found 4",
    packets: 0,
    why: "tshark refuses it too",
  },
  "fmt-libpcapH-pcapng-idb-tsresol-badlen.pcapng": {
    says: "byte 44, packet 1: expected an if_tsresol option of 1 byte, found 2 bytes",
    packets: 0,
    why: "tshark passes over the option in silence",
  },
  "fmt-libpcapH-pcapng-packet-before-idb.pcapng": {
    says: "byte 36, packet 1: expected an interface described, found a packet of interface 0",
    packets: 0,
    why: "the index counts blocks; tshark refuses it too",
  },
  "fmt-pcpp-solaris.snoop": {
    says: "found a Solaris snoop capture",
    packets: null,
    why: "another format",
  },
};

/** Reads a file: its packets, and what is said of it, if anything. */
async function read(name: string): Promise<{ packets: ReadPacket[] | null; says: string }> {
  try {
    const trace = await openTrace([file(name)]);
    const packets = await readPackets(trace);
    const says = trace.damage.map((d) => `byte ${d.offset}, packet ${d.packet}: ${saying(d)}`);
    return { packets, says: says.join("\n") };
  } catch (error) {
    assert.instance(error, TraceError, `${name}: ${error}`);
    return { packets: null, says: (error as TraceError).message };
  }
}
const saying = (d: { expected: string; found: string }) =>
  `expected ${d.expected}, found ${d.found}`;

test("every shared capture has tshark's number of packets, or stands in the table", async () => {
  for (const { name, packets: indexed, quirks } of captures) {
    const { packets, says } = await read(name);
    const other = OTHERWISE[name];
    if (other) {
      assert.ok(says.includes(other.says), `${name} says: ${says}`);
      assert.is(packets?.length ?? null, other.packets, name);
    } else {
      assert.is(String(packets?.length), indexed, `${name}: ${says}`);
      assert.is(says, "", name);
    }
    if (quirks.includes("tshark refuses")) assert.ok(says.length > 20, `${name} says: ${says}`);
  }
});

test("pcap-parser reads the same packets of every classic microsecond capture", async () => {
  let compared = 0;
  for (const { name, container } of captures) {
    if (!/^pcap-[lb]e-us$/.test(container) || name.endsWith(".gz")) continue;
    const { packets } = await read(name);
    if (packets === null) continue;
    const theirs = await parsed(name);
    // Nanoseconds are exact for 104 days behind the first packet; microseconds for longer.
    assert.equal(
      packets.map(({ time, wire, data }) => `${(time + 500n) / 1000n} ${wire} ${data}`),
      theirs,
      name,
    );
    compared++;
  }
  assert.ok(!here || compared > 200, `${compared} captures compared`);
});

/** All packets by pcap-parser: microseconds, original length (never below the captured one), bytes. */
function parsed(name: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const packets: string[] = [];
    const parser = pcapParser.parse(file(name));
    parser.on("packet", ({ header, data }) => {
      const { timestampSeconds, timestampMicroseconds, capturedLength, originalLength } = header;
      const time = timestampSeconds * 1_000_000 + timestampMicroseconds;
      const wire = Math.max(capturedLength, originalLength);
      packets.push(`${time} ${wire} ${data.toString("hex")}`);
    });
    parser.on("end", () => resolve(packets));
    parser.on("error", reject);
  });
}

test("tcpdump counts the same packets in every capture that it can read", async () => {
  if (spawnSync("tcpdump", ["--version"]).error) {
    return announceSkip("tcpdump's packet counts", "no tcpdump here");
  }
  let compared = 0;
  for (const { name } of captures) {
    if (name.endsWith(".gz")) continue;
    const counted = spawnSync("tcpdump", ["--count", "-n", "-r", file(name)], { encoding: "utf8" });
    const count = /^(\d+) packets?$/m.exec(counted.stdout + counted.stderr)?.[1];
    if (counted.status !== 0 || count === undefined) continue;
    const { packets } = await read(name);
    assert.is(String(packets?.length), count, name);
    compared++;
  }
  assert.ok(!here || compared > 200, `${compared} captures compared`);
});

test.run();
