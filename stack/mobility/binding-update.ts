/** What a binding update comes to at a correspondent node (RFC 6275 sections 9.5.1 to 9.5.4). */
import { BU_ACK, BU_HOME, MH_BA } from "../../ipopts/v6/mobility.ts";
import {
  AUTHENTICATOR_LENGTH,
  MOBILITY_ALTERNATE_CARE_OF,
  MOBILITY_AUTHORIZATION,
  MOBILITY_NONCE_INDICES,
} from "../../ipopts/v6/mobility-options.ts";
import type { TlvOption } from "../../ipopts/v6/tlv.ts";
import { type BindingCache, isSequenceNewer } from "./binding-cache.ts";
import {
  authenticator,
  bindingKey,
  isAuthentic,
  keygenToken,
  TOKEN_CARE_OF,
  TOKEN_HOME,
} from "./keys.ts";
import { buildMessage, type MobilityPacket, readMessage } from "./message.ts";

/** Status of a binding acknowledgement (section 6.1.8). */
export const BA_ACCEPTED = 0;
export const BA_NO_RESOURCES = 130;
export const BA_HOME_REGISTRATION_UNSUPPORTED = 131;
export const BA_SEQUENCE = 135;
export const BA_HOME_NONCE = 136;
export const BA_CARE_OF_NONCE = 137;
export const BA_BOTH_NONCES = 138;

/** MAX_RR_BINDING_LIFETIME, 420 s, in units of 4 s (section 12). */
const MOST_LIFETIME_UNITS = 105;
const SECONDS_PER_UNIT = 4;

export interface BindingState {
  readonly nodeKey: Uint8Array;
  nonce(index: number): Uint8Array | null;
  readonly bindings: BindingCache;
  /** Seconds. */
  readonly now: number;
}

export type BindingReply =
  | { readonly kind: "silent"; readonly reason: string }
  | { readonly kind: "reply"; readonly message: Uint8Array | null };

const silent = (reason: string): BindingReply => ({ kind: "silent", reason });
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
const find = (options: readonly TlvOption[], type: number): TlvOption | undefined =>
  options.find((option) => option.type === type);

/** Four bytes that bring an acknowledgement without options to a multiple of 8. */
const PADDING: TlvOption = { type: 1, fields: { data: new Uint8Array(2) } };

/** An acknowledgement; with `key` it carries an authenticator over the addresses given. */
function acknowledge(
  status: number,
  sequence: number,
  lifetime: number,
  auth: { key: Uint8Array; careOf: Uint8Array; correspondent: Uint8Array } | null,
): BindingReply {
  const fields = { status, flags: 0, sequence, lifetime };
  if (auth === null) return { kind: "reply", message: buildMessage(MH_BA, fields, [PADDING]) };
  const empty = { authenticator: new Uint8Array(AUTHENTICATOR_LENGTH) };
  // 12 bytes of message and 14 of option: the option comes first behind 6 bytes of padding.
  const options: TlvOption[] = [{ type: MOBILITY_AUTHORIZATION, fields: empty }];
  const padding = { type: 1, fields: { data: new Uint8Array(4) } };
  const message =
    buildMessage(MH_BA, fields, options) ?? buildMessage(MH_BA, fields, [padding, ...options]);
  if (message === null) return silent("acknowledgement does not fit");
  const { key, careOf, correspondent } = auth;
  const at = message.length - AUTHENTICATOR_LENGTH;
  message.set(authenticator(key, careOf, correspondent, message), at);
  return { kind: "reply", message };
}

/** Judges the update in `packet`, whose checksum and length have been checked. */
export function updateBinding(packet: MobilityPacket, state: BindingState): BindingReply {
  const { source, destination, message } = packet;
  const { fields, options, tail } = readMessage(message);
  const home = packet.home ?? source;
  const sequence = numberOf(fields.sequence);
  const flags = numberOf(fields.flags);
  const last = options.at(-1);
  if (tail.length > 0 || last?.type !== MOBILITY_AUTHORIZATION) {
    return silent("no authorization at the end");
  }
  const nonces = find(options, MOBILITY_NONCE_INDICES);
  if (nonces === undefined) return silent("no nonce indices");
  if ((flags & BU_HOME) !== 0) {
    return acknowledge(BA_HOME_REGISTRATION_UNSUPPORTED, sequence, 0, null);
  }
  const known = state.bindings.find(home, state.now);
  if (known !== null && !isSequenceNewer(sequence, known.sequence)) {
    return acknowledge(BA_SEQUENCE, known.sequence, 0, null);
  }
  const alternate = find(options, MOBILITY_ALTERNATE_CARE_OF)?.fields.address;
  const careOf = alternate instanceof Uint8Array ? alternate : source;
  const asked = numberOf(fields.lifetime);
  const deletes = asked === 0 || Buffer.compare(careOf, home) === 0;
  const homeNonce = state.nonce(numberOf(nonces.fields.home));
  const careOfNonce = state.nonce(numberOf(nonces.fields.careOf));
  if (homeNonce === null) {
    const both = !deletes && careOfNonce === null;
    return acknowledge(both ? BA_BOTH_NONCES : BA_HOME_NONCE, sequence, 0, null);
  }
  if (careOfNonce === null && !deletes) return acknowledge(BA_CARE_OF_NONCE, sequence, 0, null);
  const homeToken = keygenToken(state.nodeKey, home, homeNonce, TOKEN_HOME);
  const careOfToken =
    deletes || careOfNonce === null
      ? null
      : keygenToken(state.nodeKey, careOf, careOfNonce, TOKEN_CARE_OF);
  const key = bindingKey(homeToken, careOfToken);
  if (!isAuthentic(key, careOf, destination, message)) return silent("authenticator");
  const auth = { key, careOf, correspondent: destination };
  const wanted = (flags & BU_ACK) !== 0;
  const granted = deletes ? 0 : Math.min(asked, MOST_LIFETIME_UNITS);
  if (deletes) state.bindings.delete(home);
  else {
    const expires = state.now + granted * SECONDS_PER_UNIT;
    if (!state.bindings.put({ home, careOf, sequence, expires })) {
      return acknowledge(BA_NO_RESOURCES, sequence, 0, auth);
    }
  }
  if (!wanted) return silent("no acknowledgement asked for");
  return acknowledge(BA_ACCEPTED, sequence, granted, auth);
}
