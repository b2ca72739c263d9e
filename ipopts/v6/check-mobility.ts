/** What is wrong with a mobility header (RFC 6275 sections 6.1, 6.2 and 9.2). */
import { error, type Fault, note, warning } from "../fault.ts";
import { NEXT_NONE } from "./chain.ts";
import { checkTlvs } from "./check-options.ts";
import { fixedLength } from "./layout.ts";
import {
  MH_BA,
  MH_BU,
  MH_DATA_AT,
  MOBILITY_MESSAGES,
  mhLength,
  mhPayloadProtocol,
  mhType,
  mobilityOptionsAt,
} from "./mobility.ts";
import {
  MOBILITY_AUTHORIZATION,
  MOBILITY_NONCE_INDICES,
  MOBILITY_OPTIONS,
} from "./mobility-options.ts";

/** Bytes a message of this type takes at least; a multiple of 8. */
export function leastMobilityLength(type: number): number {
  const message = MOBILITY_MESSAGES.get(type);
  return message === undefined ? 8 : Math.ceil((MH_DATA_AT + fixedLength(message.layout)) / 8) * 8;
}

/** Checks the mobility header at `at`, all of whose bytes lie in the view. */
export function checkMobility(view: DataView, at: number, faults: Fault[]): void {
  const type = mhType(view, at);
  const length = mhLength(view, at);
  if (mhPayloadProtocol(view, at) !== NEXT_NONE) {
    const message = `payload protocol ${mhPayloadProtocol(view, at)} is not 59, no next header`;
    faults.push(error("payload-protocol-wrong", at, message, "RFC 6275 section 9.2"));
  }
  const message = MOBILITY_MESSAGES.get(type);
  if (message === undefined) {
    const text = `unknown mobility message ${type}`;
    faults.push(warning("mobility-unknown", at + 2, text, "RFC 6275 section 9.2"));
    return;
  }
  if (view.getUint8(at + 3) !== 0) {
    faults.push(note("reserved-not-zero", at + 3, "the reserved byte is not zero", message.source));
  }
  const least = leastMobilityLength(type);
  if (length < least) {
    const text = `${message.name} of ${length} bytes takes ${least} at least`;
    faults.push(error("mobility-too-short", at + 1, text, message.source));
    return;
  }
  let nonces = -1;
  let authorization = -1;
  const optionsAt = at + mobilityOptionsAt(type, length);
  checkTlvs(MOBILITY_OPTIONS, view, optionsAt, at + length, at, faults, (walk) => {
    if (walk.type === MOBILITY_NONCE_INDICES) nonces = walk.offset;
    if (walk.type === MOBILITY_AUTHORIZATION) authorization = walk.offset;
  });
  if (type !== MH_BU && type !== MH_BA) return;
  const rule = "RFC 6275 section 6.2.7";
  if (authorization >= 0 && authorization + 2 + view.getUint8(authorization + 1) !== at + length) {
    const text = "binding authorization data is not the last option";
    faults.push(error("authorization-not-last", authorization, text, rule));
  }
  if (type === MH_BU && authorization >= 0 && nonces < 0) {
    const text = "binding authorization data without nonce indices";
    faults.push(error("nonce-indices-missing", authorization, text, "RFC 6275 section 9.5.1"));
  }
}
