/**
 * `ipintr`: a packet from the wire is verified, and handed to its protocol if it is ours.
 */
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import type { DropReason } from "../stats.ts";
import { foldSum, sumBytes } from "../wire/checksum.ts";
import * as ipv4 from "../wire/ipv4.ts";

/** Takes the IPv4 packet at `m.off`, in by `m.rcvif`, and owns it. */
export function ipInput(stack: Stack, m: Mbuf): void {
  stack.stats.ipReceived++;
  // 1. A whole, undamaged header, and the length it claims.
  const wrong = verify(m);
  if (wrong) {
    stack.drop(m, wrong);
    return;
  }
  const { view, off } = m;
  m.ipAt = off;
  m.family = 4;

  // 2. Ours?
  const destination = ipv4.destination(view, off);
  if (!stack.addresses.owns(destination)) {
    stack.drop(m, "notOurs");
    return;
  }

  // 3. To the protocol.
  const number = ipv4.protocol(view, off);
  const protocol = stack.protosw[number];
  if (!protocol) {
    stack.drop(m, "noProtocol");
    return;
  }
  m.protocol = number;
  m.sourceAt = off + 12;
  m.destinationAt = off + 16;
  stack.savedRoute.clear();
  m.trimFront(ipv4.headerLength(view, off));
  stack.stats.delivered++;
  protocol.input(stack, m);
}

/** The checks that RFC 1122 section 3.2.1 wants silent; trims link padding. */
function verify(m: Mbuf): DropReason | null {
  const { view, off, len } = m;
  if (len < 20) return "tooShort";
  if (ipv4.version(view, off) !== 4) return "badVersion";
  const header = ipv4.headerLength(view, off);
  if (header < 20 || header > len) return "badHeaderLength";
  if (foldSum(sumBytes(view, off, header)) !== 0xffff) return "badHeaderChecksum";
  const total = ipv4.totalLength(view, off);
  if (total < header || total > len) return "badLength";
  m.len = total;
  return null;
}
