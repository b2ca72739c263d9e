import { test } from "uvu";
import * as assert from "uvu/assert";
import { formatV4, formatWords } from "../../../stack/wire/address.ts";
import { PacketDecoder } from "../../../traces/decode/packet-decoder.ts";
import {
  chunkRows,
  DESTINATION,
  KIND,
  KIND_UDP,
  KIND_V6,
  PAYLOAD,
  PORTS,
  ROW_SHIFT,
  SOURCE,
  v6At,
} from "../../../traces/decode/packet-rows.ts";
import { batchMemory, type MemoryPacket, packetBatch } from "../../support/packet-batch.ts";
import { ethernet, hex, ipv4, ipv6, tcp, udp, v6 } from "../../support/segment.ts";

interface Decoded {
  flow: string | null;
  payload: number;
}

/** What each packet is decoded to: `source port > destination port`, or null. */
function decode(
  packets: readonly MemoryPacket[],
  tunnels = false,
): Decoded[] & { skipped: object } {
  const decoder = new PacketDecoder({ tunnels });
  const into = chunkRows(batchMemory);
  const { words, v6 } = into;
  decoder.decode(packetBatch(packets), 0, packets.length, into);
  const rows = packets.map((_, packet) => {
    const row = packet << ROW_SHIFT;
    const kind = words[row + KIND];
    const payload = words[row + PAYLOAD];
    if (kind < 0) return { flow: null, payload };
    const address = (word: number, at: number): string =>
      kind & KIND_V6
        ? formatWords(v6[at], v6[at + 1], v6[at + 2], v6[at + 3])
        : formatV4(words[row + word] >>> 0);
    const ports = words[row + PORTS];
    const from = `${address(SOURCE, v6At(row))} ${ports >>> 16}`;
    const to = `${address(DESTINATION, v6At(row) + 4)} ${ports & 0xffff}`;
    return { flow: `${kind & KIND_UDP ? "udp " : ""}${from} > ${to}`, payload };
  });
  return Object.assign(rows, { skipped: decoder.skipped });
}

const FLOW = "10.0.0.1 40000 > 10.0.0.2 80";
const FLOW6 = "2001:db8::1 40000 > 2001:db8::2 80";
const raw = (data: Uint8Array, more: Partial<MemoryPacket> = {}): MemoryPacket => ({
  data,
  linkType: 101,
  ...more,
});

test("Ethernet padding is no payload, and neither is what a capture cut off missing from it", () => {
  const padded = Buffer.concat([ethernet(ipv4(tcp({ payload: 2 })), 0x0800), Buffer.alloc(40)]);
  assert.equal(decode([{ data: padded }])[0], { flow: FLOW, payload: 2 });
  const tagged = ethernet(ipv4(tcp({ payload: 2 })), 0x8100, 0x0800);
  const datagram = ethernet(ipv4(udp(40000, 80, 2), { protocol: 17 }), 0x0800);
  for (const data of [tagged, datagram]) {
    const [row] = decode([{ data: Buffer.concat([data, Buffer.alloc(40)]) }]);
    assert.is(row.payload, 2);
  }
  const long = ethernet(ipv4(tcp({ payload: 1000 })), 0x0800);
  const cut = { data: long.subarray(0, 68), wire: long.length };
  assert.equal(decode([cut])[0], { flow: FLOW, payload: 1000 });
});

test("a total length of 0 is that of the frame", () => {
  const data = ipv4(tcp({ payload: 3000 }), { total: 0 });
  assert.equal(decode([raw(data.subarray(0, 80), { wire: data.length })])[0], {
    flow: FLOW,
    payload: 3000,
  });
  const datagram = ipv6(tcp({ payload: 2000 }));
  datagram.writeUInt16BE(0, 4);
  assert.equal(decode([raw(datagram)])[0], { flow: FLOW6, payload: 2000 });
});

test("a total length beyond the frame is cut to the frame", () => {
  assert.is(decode([raw(ipv4(tcp({ payload: 5 }), { total: 900 }))])[0].payload, 5);
});

test("IPv4 headers that make no sense are counted, not read", () => {
  const packet = ipv4(tcp());
  for (const first of [0x44, 0x55, 0x40, 0x4f]) {
    const broken = Buffer.from(packet);
    broken[0] = first;
    if (first === 0x4f) broken.writeUInt16BE(30, 2);
    const rows = decode([raw(broken)]);
    assert.is(rows[0].flow, null);
    assert.is(Object.values(rows.skipped).length, 1);
  }
});

test("an uncompleted source route is keyed by its last hop, a completed one by the header", () => {
  const lsrr = (pointer: number, ...hops: string[]) =>
    hex(
      `01 83 ${(3 + 4 * hops.length).toString(16).padStart(2, "0")} ${pointer.toString(16).padStart(2, "0")} ${hops.join("")}`,
    );
  const A = "cb007109";
  const U = "c6336407";
  const between = (options: Uint8Array, source: string, destination: string) =>
    decode([raw(ipv4(tcp(), { options, source, destination }))])[0].flow;
  assert.is(between(lsrr(4, A), "192.0.2.1", "198.51.100.7"), "192.0.2.1 40000 > 203.0.113.9 80");
  assert.is(between(lsrr(8, U), "203.0.113.9", "192.0.2.1"), "203.0.113.9 40000 > 192.0.2.1 80");
  assert.is(
    between(lsrr(8, U, A), "192.0.2.1", "198.51.100.9"),
    "192.0.2.1 40000 > 203.0.113.9 80",
  );
  const strict = Buffer.from(lsrr(4, A));
  strict[1] = 0x89;
  assert.is(between(strict, "192.0.2.1", "198.51.100.7"), "192.0.2.1 40000 > 203.0.113.9 80");
  const hidden = hex(`00 83 07 04 ${A}`);
  assert.is(between(hidden, "192.0.2.1", "198.51.100.7"), "192.0.2.1 40000 > 198.51.100.7 80");
  const broken = hex(`83 0b 04 ${A} 00`);
  assert.is(between(broken, "192.0.2.1", "198.51.100.7"), "192.0.2.1 40000 > 198.51.100.7 80");
});

const PAD = "0104 00000000";

test("any chain of IPv6 extension headers is walked to the transport header", () => {
  const chains: readonly (readonly [first: number, headers: string])[] = [
    [0, `0600 ${PAD}`],
    [60, `0600 ${PAD}`],
    [0, `3c00 ${PAD} 3c00 ${PAD} 0600 ${PAD}`],
    [51, "0604 0000 00000001 00000001 000000000000000000000000"],
    [0, `3300 ${PAD} 0604 0000 00000001 00000001 000000000000000000000000`],
    [135, `0600 ${PAD}`],
    [139, `0600 ${PAD}`],
    [44, "0600 0000 00000001"],
    [44, `3c00 0000 00000001 0600 ${PAD}`],
  ];
  for (const [first, headers] of chains) {
    const data = ipv6(tcp({ payload: 9 }), first, hex(headers));
    assert.equal(decode([raw(data)])[0], { flow: FLOW6, payload: 9 }, headers);
  }
});

test("an extension header longer than the packet is a malformed one", () => {
  const rows = decode([raw(ipv6(tcp(), 0, hex("06ff 0104 00000000")))]);
  assert.equal(rows.skipped, { "malformed IP header": 1 });
});

test("routing headers and home addresses give the ends that the checksum covers", () => {
  const A = v6("2001:db8:a::9");
  const B = v6("2001:db8:b::9");
  const routed = (type: string, left: number, ...hops: Buffer[]) => {
    const head = hex(
      `06 ${(2 * hops.length).toString(16).padStart(2, "0")} ${type} 0${left} 00000000`,
    );
    return decode([raw(ipv6(tcp(), 43, Buffer.concat([head, ...hops])))])[0].flow;
  };
  const toA = "2001:db8::1 40000 > 2001:db8:a::9 80";
  assert.is(routed("00", 1, A), toA);
  assert.is(routed("00", 2, B, A), toA);
  assert.is(routed("00", 0, A), FLOW6);
  assert.is(routed("02", 1, A), toA);
  assert.is(routed("04", 1, A, B), toA);
  assert.is(routed("63", 1, A), FLOW6);
  const home = Buffer.concat([hex("0602 0102 0000 c910"), v6("2001:db8:f::1")]);
  assert.is(decode([raw(ipv6(tcp(), 60, home))])[0].flow, "2001:db8:f::1 40000 > 2001:db8::2 80");
});

test("later fragments count for the flow of the first", () => {
  const whole = udp(53, 5353, 3000);
  const piece = (from: number, to: number, more: boolean, id = 9) =>
    raw(
      ipv4(whole.subarray(from, to), {
        protocol: 17,
        id,
        fragment: (more ? 0x2000 : 0) | (from >> 3),
      }),
    );
  const rows = decode([
    piece(0, 1480, true),
    piece(1480, 2960, true),
    piece(2960, 3008, false),
    piece(1480, 2960, true, 10),
  ]);
  const flow = "udp 10.0.0.1 53 > 10.0.0.2 5353";
  assert.equal(
    [...rows],
    [
      { flow, payload: 1472 },
      { flow, payload: 1480 },
      { flow, payload: 48 },
      { flow: null, payload: 0 },
    ],
  );
  assert.equal(rows.skipped, { "fragment without its first": 1 });
});

test("IPv6 fragments are told by identification, however many there are in between", () => {
  const whole = udp(53, 5353, 2000);
  const packets: MemoryPacket[] = [];
  const piece = (id: number, from: number, to: number, more: number) => {
    const head = hex(
      `1100 ${((from & 0xfff8) | more).toString(16).padStart(4, "0")} ${id.toString(16).padStart(8, "0")}`,
    );
    packets.push(raw(ipv6(whole.subarray(from, to), 44, head)));
  };
  for (let id = 0; id < 100; id++) piece(id, 0, 1400, 1);
  for (let id = 0; id < 100; id++) piece(id, 1400, 2008, 0);
  const rows = decode(packets);
  assert.equal(rows.skipped, {});
  assert.is(rows[150].payload, 608);
});

test("tunnels are entered on request only", () => {
  const inner = ipv4(tcp({ payload: 6 }));
  const inner6 = ipv6(tcp({ payload: 6 }));
  const outer = (payload: Uint8Array, protocol: number) =>
    raw(ipv4(payload, { protocol, source: "192.0.2.1", destination: "192.0.2.2" }));
  const gre = (head: string, payload: Uint8Array) => outer(Buffer.concat([hex(head), payload]), 47);
  const vxlan = Buffer.concat([hex("08000000 00000100"), ethernet(inner, 0x8100, 0x0800)]);
  const packets: readonly (readonly [name: string, packet: MemoryPacket, flow: string])[] = [
    ["IP in IP", outer(inner, 4), FLOW],
    ["6in4", outer(inner6, 41), FLOW6],
    ["4in6", raw(ipv6(inner, 4)), FLOW],
    ["6in6", raw(ipv6(inner6, 41)), FLOW6],
    ["three deep", outer(ipv4(ipv4(inner, { protocol: 4 }), { protocol: 4 }), 4), FLOW],
    ["GRE", gre("00000800", inner), FLOW],
    [
      "GRE with checksum, key and sequence",
      gre("b0000800 00000000 00000001 00000002", inner),
      FLOW,
    ],
    ["GRE with Ethernet", gre("00006558", ethernet(inner6, 0x86dd)), FLOW6],
    ["PPTP", gre("3081880b 00000001 00000002 00000003 ff030021", inner), FLOW],
    ["VXLAN", outer(udp(5555, 4789, vxlan), 17), FLOW],
  ];
  for (const [name, packet, flow] of packets) {
    assert.equal(decode([packet], true)[0], { flow, payload: 6 }, name);
    const closed = decode([packet])[0].flow;
    assert.is(closed, name === "VXLAN" ? "udp 192.0.2.1 5555 > 192.0.2.2 4789" : null, name);
  }
});

test.run();
