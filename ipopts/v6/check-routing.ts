/** What is wrong with a routing header, by the rules of its type. */
import { error, type Fault, note, warning } from "../fault.ts";
import { checkTlvs } from "./check-options.ts";
import {
  addressCount,
  ROUTING_MOBILE,
  ROUTING_RPL,
  ROUTING_SEGMENT,
  ROUTING_SOURCE,
  ROUTING_TYPES,
  routingLength,
  routingName,
  routingType,
  segmentsLeft,
} from "./routing.ts";
import { rplAddressCount } from "./routing-rpl.ts";
import { lastEntry, SEGMENT_TLVS, segmentTlvsAt } from "./routing-segment.ts";

const LENGTH = 1;
const TYPE = 2;
const LEFT = 3;
const LAST_ENTRY = 4;

/** Checks the routing header at `at`, all of whose bytes lie in the view. */
export function checkRouting(view: DataView, at: number, faults: Fault[]): void {
  const type = routingType(view, at);
  const known = ROUTING_TYPES.get(type);
  if (known === undefined) {
    const message = `unknown routing type ${type} with ${segmentsLeft(view, at)} segments left`;
    faults.push(warning("routing-unknown", at + TYPE, message, "RFC 8200 section 4.4"));
    return;
  }
  if (known.deprecated) {
    const message = `${known.name} is deprecated: with segments left it is refused`;
    faults.push(warning("routing-deprecated", at + TYPE, message, known.source));
  }
  CHECKS.get(type)?.(view, at, faults);
  checkMulticast(view, at, faults);
}

/** Segments left beyond what the list holds: a 4/0 at that byte in every type. */
function checkLeft(view: DataView, at: number, count: number, rule: string, faults: Fault[]): void {
  const left = segmentsLeft(view, at);
  if (left <= count) return;
  const message = `${left} segments left of a list of ${count}`;
  faults.push(error("segments-left-too-large", at + LEFT, message, rule));
}

function checkSource(view: DataView, at: number, faults: Fault[]): void {
  const rule = "RFC 2460 section 4.4";
  const units = view.getUint8(at + LENGTH);
  if (units % 2 !== 0) {
    const message = `length ${units} is odd: no whole number of addresses`;
    faults.push(error("routing-length-odd", at + LENGTH, message, rule));
    return;
  }
  checkLeft(view, at, units / 2, rule, faults);
}

function checkMobile(view: DataView, at: number, faults: Fault[]): void {
  const rule = "RFC 6275 section 6.4.1";
  const units = view.getUint8(at + LENGTH);
  if (units !== 2) {
    faults.push(error("routing-length-wrong", at + LENGTH, `length ${units} is not 2`, rule));
  }
  const left = segmentsLeft(view, at);
  if (left !== 1) {
    faults.push(error("segments-left-wrong", at + LEFT, `segments left ${left} is not 1`, rule));
  }
}

function checkRpl(view: DataView, at: number, faults: Fault[]): void {
  const rule = "RFC 6554 section 3";
  const count = rplAddressCount(view, at);
  if (count < 0) {
    const message = `${routingLength(view, at)} bytes do not hold whole compressed addresses`;
    faults.push(error("routing-length-wrong", at + LENGTH, message, rule));
    return;
  }
  checkLeft(view, at, count, "RFC 6554 section 4.2", faults);
}

function checkSegment(view: DataView, at: number, faults: Fault[]): void {
  const rule = "RFC 8754 section 4.3.1.1";
  const room = (routingLength(view, at) - 8) >>> 4;
  const last = lastEntry(view, at);
  if (last >= room) {
    const message = `last entry ${last} in a list with room for ${room}`;
    faults.push(error("last-entry-too-large", at + LAST_ENTRY, message, rule));
  }
  checkLeft(view, at, last + 1, rule, faults);
  const length = routingLength(view, at);
  checkTlvs(SEGMENT_TLVS, view, at + segmentTlvsAt(view, at, length), at + length, at, faults);
}

const CHECKS: ReadonlyMap<number, (view: DataView, at: number, faults: Fault[]) => void> = new Map([
  [ROUTING_SOURCE, checkSource],
  [ROUTING_MOBILE, checkMobile],
  [ROUTING_RPL, checkRpl],
  [ROUTING_SEGMENT, checkSegment],
]);

function checkMulticast(view: DataView, at: number, faults: Fault[]): void {
  const count = addressCount(view, at);
  for (let i = 0; i < count; i++) {
    const from = at + 8 + 16 * i;
    if (view.getUint8(from) !== 0xff) continue;
    const message = `address ${i + 1} of the ${routingName(routingType(view, at))} is multicast`;
    faults.push(error("multicast-in-route", from, message, "RFC 8200 section 4.4"));
    return;
  }
  if (routingLength(view, at) === 8 && routingType(view, at) === ROUTING_SOURCE) {
    faults.push(note("route-empty", at + LENGTH, "the route names no address", "RFC 2460"));
  }
}
