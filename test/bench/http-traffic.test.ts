/** The benchmark's traffic is what the benchmark says it is. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  FIN,
  LONGEST_RECORD,
  RST,
  SNAPLEN,
  SYN,
  writeFileHeader,
  writeRecord,
} from "../../bench/http/frames.ts";
import { HttpTraffic } from "../../bench/http/traffic.ts";

const PACKETS = 400_000;
const shape = { open: 2_000, clients: 3_000, seed: 7 };

/** What a reader of the packets sees of them. */
function survey() {
  const traffic = new HttpTraffic(shape);
  const openings = new Map<string, number>();
  const seen = new Set<string>();
  let closes = 0;
  let repeats = 0;
  let reused = 0;
  let mostOpen = 0;
  let outOfOrder = 0;
  let before = 0;
  for (let n = 0; n < PACKETS; n++) {
    traffic.next();
    const s = traffic.segment;
    if (traffic.time < before) outOfOrder++;
    before = traffic.time;
    const tuple = `${s.client}:${s.clientPort}`;
    const occupies = s.payload > 0 || (s.flags & (SYN | FIN)) !== 0;
    const packet = `${tuple} ${s.fromServer} ${s.sequence}`;
    if (occupies && seen.has(packet)) repeats++;
    else if (s.flags === SYN) {
      if (openings.has(tuple)) reused++;
      openings.set(tuple, (openings.get(tuple) ?? 0) + 1);
    } else if (s.flags & RST || (s.flags & FIN && s.fromServer)) closes++;
    if (occupies) seen.add(packet);
    const begun = openings.size + reused;
    mostOpen = Math.max(mostOpen, begun - closes);
  }
  return { traffic, openings, repeats, reused, mostOpen, outOfOrder };
}

test("the traffic has the shape the benchmark names", () => {
  const { traffic, openings, repeats, reused, mostOpen, outOfOrder } = survey();
  const connections = openings.size + reused;
  assert.is(traffic.begun, connections);
  assert.is(outOfOrder, 0);
  const perConnection = PACKETS / connections;
  assert.ok(perConnection > 9 && perConnection < 12, `${perConnection} packets a connection`);
  const repeated = repeats / PACKETS;
  assert.ok(repeated > 0.008 && repeated < 0.012, `${repeated} sent again`);
  const again = reused / connections;
  assert.ok(again > 0.003 && again < 0.005, `${again} of the 4-tuples used again`);
  assert.ok(mostOpen > 0.9 * shape.open && mostOpen <= shape.open, `${mostOpen} open at once`);
});

/** RFC 1071: a header with a right checksum sums to 0xffff. */
function ones(view: DataView, from: number, to: number, start = 0): number {
  let sum = start;
  for (let at = from; at < to; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

test("records are snapped, and their checksums hold for a payload of zeros beyond the snapshot", () => {
  const bytes = new Uint8Array(LONGEST_RECORD + 8);
  const view = new DataView(bytes.buffer);
  const traffic = new HttpTraffic(shape);
  for (let n = 0; n < 20_000; n++) {
    traffic.next();
    bytes.fill(0xee);
    const end = writeRecord(bytes, view, 0, 1000.25, n & 0xffff, traffic.segment);
    const captured = view.getUint32(8, true);
    const wire = view.getUint32(12, true);
    assert.is(end, 16 + captured);
    assert.is(captured, Math.min(SNAPLEN, wire));
    const ip = 16 + 14;
    assert.is(view.getUint16(ip + 2), wire - 14);
    assert.is(ones(view, ip, ip + 20), 0xffff);
    const segment = wire - 34;
    if ((end - ip) % 2 === 1) bytes[end] = 0;
    const last = end + ((end - ip) % 2);
    assert.is(ones(view, ip + 20, last, ones(view, ip + 12, ip + 20, 6 + segment)), 0xffff);
  }
});

test("the same seed gives the same packets, another seed others", () => {
  const take = (seed: number) => {
    const traffic = new HttpTraffic({ ...shape, seed });
    return Array.from({ length: 3_000 }, () => {
      traffic.next();
      return `${traffic.time} ${traffic.segment.sequence} ${traffic.segment.payload}`;
    });
  };
  assert.equal(take(3), take(3));
  assert.not.equal(take(3), take(4));
});

test("the file begins with a little-endian microsecond header of 96 bytes a packet", () => {
  const view = new DataView(new ArrayBuffer(24));
  assert.is(writeFileHeader(view), 24);
  assert.is(view.getUint32(0, true), 0xa1b2c3d4);
  assert.is(view.getUint32(16, true), 96);
  assert.is(view.getUint32(20, true), 1);
});

test.run();
