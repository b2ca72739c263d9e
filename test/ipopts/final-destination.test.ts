/**
 * Case 82: the transport checksum runs over the final destination, which for a completed route is
 * the IP destination. Tools that take the last address of the route whatever the pointer says
 * (tcpdump, scapy) call these packets wrong.
 */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  finalDestination,
  findSourceRoute,
  isCompleted,
  routeHop,
  routeHops,
} from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { fold, foldSum, pseudoHeaderV4, sumBytes } from "../../stack/wire/checksum.ts";
import { headerLength, protocol, source, totalLength } from "../../stack/wire/ipv4.ts";
import { haveShared, sharedPath } from "../support/project.ts";

/** Frames of a little-endian classic capture, and how many bytes stand before the IP header. */
function* frames(path: string): Generator<{ view: DataView; at: number }> {
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const before = view.getUint32(20, true) === 1 ? 14 : 0;
  for (let at = 24; at < bytes.length; at += 16 + view.getUint32(at + 8, true)) {
    yield { view, at: at + 16 + before };
  }
}

const walk = new OptionWalk();
const routeOf = (view: DataView, at: number): number =>
  findSourceRoute(walk, view, at + 20, headerLength(view, at) - 20);

/** The sum over a segment with `destination` in its pseudo-header; 0xffff when it is right. */
function segmentSum(view: DataView, at: number, destination: number): number {
  const header = headerLength(view, at);
  const length = totalLength(view, at) - header;
  const pseudo = pseudoHeaderV4(source(view, at), destination, protocol(view, at), length);
  return foldSum(sumBytes(view, at + header, length, pseudo));
}

if (haveShared("spec/fig1-vectors.pcap", "case 82: checksums of the paper's figure")) {
  test("82: every vector is right with its final destination", () => {
    let packets = 0;
    for (const { view, at } of frames(sharedPath("spec/fig1-vectors.pcap"))) {
      packets++;
      assert.is(segmentSum(view, at, finalDestination(view, at, routeOf(view, at))), 0xffff);
    }
    assert.is(packets, 10);
  });

  test("82: the last address of a completed route gives the sums that tools complain with", () => {
    const complaints: string[] = [];
    for (const { view, at } of frames(sharedPath("spec/fig1-vectors.pcap"))) {
      const route = routeOf(view, at);
      if (route < 0 || !isCompleted(view, route)) continue;
      const last = routeHop(view, route, routeHops(view, route) - 1);
      const checksumAt = at + headerLength(view, at) + 16;
      const field = view.getUint16(checksumAt);
      view.setUint16(checksumAt, 0);
      const expected = fold(
        sumBytes(
          view,
          at + headerLength(view, at),
          totalLength(view, at) - headerLength(view, at),
        ) +
          pseudoHeaderV4(source(view, at), last, 6, totalLength(view, at) - headerLength(view, at)),
      );
      view.setUint16(checksumAt, field);
      complaints.push(expected.toString(16));
    }
    for (const sum of ["6540", "2284", "2095", "ff2e"]) assert.ok(complaints.includes(sum), sum);
  });
}

for (const name of ["linux-lsrr-http-client.pcap", "linux-lsrr-http-server.pcap"]) {
  if (!haveShared(`kernel/${name}`, `checksums of ${name}`)) continue;
  test(`every TCP checksum of ${name} is right, completed route or not`, () => {
    let routed = 0;
    let completed = 0;
    for (const { view, at } of frames(sharedPath(`kernel/${name}`))) {
      if (view.getUint8(at) >>> 4 !== 4 || protocol(view, at) !== 6) continue;
      const route = routeOf(view, at);
      if (route >= 0) routed++;
      if (route >= 0 && isCompleted(view, route)) completed++;
      assert.is(segmentSum(view, at, finalDestination(view, at, route)), 0xffff);
    }
    assert.ok(routed > 20 && completed > 5, `${routed} routed, ${completed} completed`);
  });
}

test.run();
