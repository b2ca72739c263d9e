/** IPv4 packets (RFC 791), with whatever options, fragments and cuts they come. */
import {
  destination,
  fragmentOffset,
  headerLength,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV4_HEADER_LENGTH,
  identification,
  moreFragments,
  protocol,
  source,
  totalLength,
  version,
} from "../../stack/wire/ipv4.ts";
import type { DecodeContext } from "./context.ts";
import { finalDestination } from "./final-address.ts";
import { setV4Key } from "./fragment-table.ts";
import { DESTINATION, KIND, PAYLOAD, SOURCE } from "./packet-rows.ts";
import { followProtocol } from "./protocols.ts";
import { DECODED, SKIP_FRAGMENT, SKIP_IP_CUT, SKIP_IP_MALFORMED } from "./skip-reasons.ts";

/** Decodes the IPv4 packet at `frame.at` into the row at word `row`; returns `DECODED` or the reason why not. */
export function decodeIpv4(context: DecodeContext, row: number): number {
  const { frame, rows } = context;
  const { words } = rows;
  const { view, at } = frame;
  if (frame.left < IPV4_HEADER_LENGTH) return SKIP_IP_CUT;
  const header = headerLength(view, at);
  if (version(view, at) !== 4 || header < IPV4_HEADER_LENGTH) return SKIP_IP_MALFORMED;
  // 0 is a segment that the sender's card was to cut: its length is the frame's.
  const claimed = totalLength(view, at) || frame.wireEnd - at;
  if (claimed < header) return SKIP_IP_MALFORMED;
  if (frame.left < header) return SKIP_IP_CUT;
  const ipEnd = Math.min(at + claimed, frame.wireEnd);

  words[row + KIND] = 0;
  words[row + SOURCE] = source(view, at);
  words[row + DESTINATION] =
    header > IPV4_HEADER_LENGTH ? finalDestination(view, at, header) : destination(view, at);
  frame.end = Math.min(frame.end, ipEnd);
  frame.at = at + header;

  const offset = fragmentOffset(view, at);
  const next = protocol(view, at);
  if (offset === 0 && !moreFragments(view, at)) return followProtocol(context, row, next, ipEnd);
  if (next !== IPPROTO_TCP && next !== IPPROTO_UDP && offset > 0) return SKIP_FRAGMENT;

  setV4Key(
    context.fragmentKey,
    source(view, at),
    destination(view, at),
    identification(view, at),
    next,
  );
  return decodeFragment(context, row, next, offset, ipEnd);
}

/**
 * A fragment's share of its flow. The first one has the ports and is remembered under
 * `context.fragmentKey`; of a later one every byte is payload.
 */
export function decodeFragment(
  context: DecodeContext,
  row: number,
  next: number,
  offset: number,
  ipEnd: number,
): number {
  const { frame, rows, fragments, fragmentKey, time } = context;
  if (offset === 0) {
    const outcome = followProtocol(context, row, next, ipEnd);
    if (outcome === DECODED) fragments.remember(fragmentKey, time, rows, row);
    return outcome;
  }
  if (!fragments.recall(fragmentKey, time, rows, row)) return SKIP_FRAGMENT;
  rows.words[row + PAYLOAD] = Math.max(0, ipEnd - frame.at);
  return DECODED;
}
