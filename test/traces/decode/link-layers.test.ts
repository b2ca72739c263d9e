import { test } from "uvu";
import * as assert from "uvu/assert";
import { PacketDecoder } from "../../../traces/decode/packet-decoder.ts";
import { chunkRows, KIND, PAYLOAD, PORTS } from "../../../traces/decode/packet-rows.ts";
import { batchMemory, packetBatch } from "../../support/packet-batch.ts";
import { ethernet, hex, ipv4, ipv6, tcp } from "../../support/segment.ts";

const V4 = ipv4(tcp({ payload: 3 }));
const V6 = ipv6(tcp({ payload: 3 }));
const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);
const SNAP = hex("aaaa03 000000 0800");

const CASES: readonly (readonly [name: string, linkType: number, data: Uint8Array])[] = [
  ["Ethernet", 1, ethernet(V4, 0x0800)],
  ["Ethernet, IPv6", 1, ethernet(V6, 0x86dd)],
  ["a VLAN tag", 1, ethernet(V4, 0x8100, 0x0800)],
  ["802.1ad, 802.1Q and IPv6", 1, ethernet(V6, 0x88a8, 0x8100, 0x86dd)],
  [
    "nine tags of every kind",
    1,
    ethernet(V4, 0x9100, 0x9200, 0x9300, 0x88a8, 0x8100, 0x8100, 0x8100, 0x8100, 0x8100, 0x0800),
  ],
  ["802.3 with LLC and SNAP", 1, ethernet(join(SNAP, V4), SNAP.length + V4.length)],
  ["802.3 with IP's own SAP", 1, ethernet(join(hex("060603"), V4), 3 + V4.length)],
  ["SNAP behind a VLAN tag", 1, ethernet(join(SNAP, V4), 0x8100, SNAP.length + V4.length)],
  ["MPLS, three labels", 1, ethernet(join(hex("00010040 00020040 00030140"), V4), 0x8847)],
  ["MPLS, IPv6", 1, ethernet(join(hex("00010140"), V6), 0x8847)],
  ["an MPLS pseudowire", 1, ethernet(join(hex("00010140 00000000"), ethernet(V4, 0x0800)), 0x8847)],
  ["PPPoE", 1, ethernet(join(hex("11000001 0000 0021"), V4), 0x8864)],
  [
    "PPPoE behind VLAN tags, IPv6",
    1,
    ethernet(join(hex("11000001 0000 0057"), V6), 0x8100, 0x8864),
  ],
  ["BSD loopback, little-endian", 0, join(hex("02000000"), V4)],
  ["BSD loopback, big-endian", 0, join(hex("00000002"), V4)],
  ...[10, 23, 24, 26, 28, 30].map((family) => {
    const head = Buffer.from([family, 0, 0, 0]);
    return [`BSD loopback, AF_INET6 = ${family}`, 0, join(head, V6)] as const;
  }),
  ["OpenBSD loop", 108, join(hex("00000018"), V6)],
  ...[12, 14, 101].flatMap((type) => [
    [`raw IP ${type}`, type, V4] as const,
    [`raw IP ${type}, IPv6`, type, V6] as const,
  ]),
  ["OpenBSD loop as number 12", 12, join(hex("00000002"), V4)],
  ["raw IPv4", 228, V4],
  ["raw IPv6", 229, V6],
  ["Linux cooked", 113, join(hex("0000 0001 0006 000000000000 0000 0800"), V4)],
  [
    "Linux cooked behind a VLAN tag",
    113,
    join(hex("0000 0001 0006 000000000000 0000 8100 0005 86dd"), V6),
  ],
  ["Linux cooked, version 2", 276, join(hex("86dd 0000 00000002 0001 00 06 0000000000000000"), V6)],
  ["PPP", 9, join(hex("0021"), V4)],
  ["PPP with address and control", 9, join(hex("ff03 0057"), V6)],
  ["PPP with a compressed protocol", 9, join(hex("21"), V4)],
  ["PPP with MPLS", 9, join(hex("0281 00010140"), V4)],
  ["PPP in HDLC framing", 50, join(hex("ff03 0021"), V4)],
  ["Cisco HDLC in a PPP capture", 50, join(hex("0f00 0800"), V4)],
  ["Cisco HDLC", 104, join(hex("0f00 86dd"), V6)],
  ["PPP with direction", 204, join(hex("00 ff03 0021"), V4)],
  ["PPPoE as a link", 51, join(hex("11000001 0000 0021"), V4)],
  ["MPLS as a link", 219, join(hex("00010140"), V4)],
];

const decode = (linkType: number, data: Uint8Array) => {
  const decoder = new PacketDecoder({ tunnels: false });
  const rows = chunkRows(batchMemory);
  decoder.decode(packetBatch([{ linkType, data }]), 0, 1, rows);
  return { words: rows.words, skipped: decoder.skipped };
};

for (const [name, linkType, data] of CASES) {
  test(`${name} leads to the segment`, () => {
    const { words, skipped } = decode(linkType, data);
    assert.equal(skipped, {});
    assert.is(words[KIND], Buffer.from(data).includes(v6Start) ? 2 : 0);
    assert.is(words[PORTS], (40000 << 16) | 80);
    assert.is(words[PAYLOAD], 3);
  });

  test(`${name}, cut anywhere, neither fails nor reads on`, () => {
    for (let length = 0; length < data.length; length++) {
      const decoder = new PacketDecoder({ tunnels: true });
      const packet = { linkType, data: data.subarray(0, length), wire: data.length };
      const rows = chunkRows(batchMemory);
      decoder.decode(packetBatch([packet]), 0, 1, rows);
      const whole = rows.words[KIND] >= 0;
      const counted = Object.values(decoder.skipped).reduce((sum, n) => sum + n, 0);
      assert.is(counted, whole ? 0 : 1, `${length} bytes`);
      // Ports are enough for a connection, and the payload is the header's, not the capture's.
      if (!whole) assert.ok(length < data.length - 3 - 16, `${length} bytes`);
      else assert.is(rows.words[PAYLOAD], 3, `${length} bytes`);
    }
  });
}

const v6Start = V6.subarray(0, 8);

test("link types that lead nowhere are counted by name", () => {
  assert.equal(decode(127, V4).skipped, { "link type IEEE802_11_RADIOTAP (127)": 1 });
  assert.equal(decode(40_000, V4).skipped, { "link type 40000": 1 });
  assert.equal(decode(1, ethernet(V4, 0x0806)).skipped, { ARP: 1 });
  assert.equal(decode(1, ethernet(V4, 0x88cc)).skipped, { "not IP": 1 });
  assert.equal(decode(9, hex("c021 0101")).skipped, { "not IP": 1 });
  assert.equal(decode(0, hex("07000000 ffff")).skipped, { "not IP": 1 });
});

test.run();
