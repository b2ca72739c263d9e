/** When no ICMPv6 error may be sent (RFC 4443 section 2.4 e). */
import { ExtensionChain, NEXT_ICMPV6 } from "./chain.ts";
import type { V6Verdict } from "./verdict.ts";

/** A parameter problem of this code may answer a multicast packet. */
const UNRECOGNISED_OPTION = 2;

/** Whether the packet at `at`, in the view up to `end`, may be answered with this error. */
export function mayReport(view: DataView, at: number, end: number, verdict: V6Verdict): boolean {
  const sourceByte = view.getUint8(at + 8);
  if (sourceByte === 0xff || isUnspecified(view, at + 8)) return false;
  const toGroup = view.getUint8(at + 24) === 0xff;
  const option = verdict.icmp?.type === 4 && verdict.icmp.code === UNRECOGNISED_OPTION;
  if (toGroup && !option) return false;
  const chain = new ExtensionChain();
  chain.start(view, at, end, end);
  while (chain.next()) {}
  if (chain.upper !== NEXT_ICMPV6 || chain.laterFragment || chain.upperAt >= end) return true;
  // Types below 128 are errors, and redirects are treated like them.
  const type = view.getUint8(chain.upperAt);
  return type >= 128 && type !== 137;
}

function isUnspecified(view: DataView, at: number): boolean {
  return view.getBigUint64(at) === 0n && view.getBigUint64(at + 8) === 0n;
}
