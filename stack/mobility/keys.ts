/**
 * Keys of the return routability procedure (RFC 6275 section 5.2): pure functions of the node key
 * and nonces that a correspondent keeps. Addresses are 16 bytes.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { AUTHENTICATOR_LENGTH } from "../../ipopts/v6/mobility-options.ts";

/** Bytes of a keygen token: the first 64 bits of a digest. An authenticator is the first 96. */
const TOKEN_LENGTH = 8;

/** Whose address a token vouches for; the byte is part of what is hashed. */
export const TOKEN_HOME = 0;
export const TOKEN_CARE_OF = 1;

const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array => {
  const digest = createHmac("sha1", key);
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** First 64 bits of HMAC_SHA1(Kcn, address | nonce | kind) (sections 5.2.4 and 5.2.5). */
export function keygenToken(
  nodeKey: Uint8Array,
  address: Uint8Array,
  nonce: Uint8Array,
  kind: typeof TOKEN_HOME | typeof TOKEN_CARE_OF,
): Uint8Array {
  return hmac(nodeKey, address, nonce, Uint8Array.of(kind)).slice(0, TOKEN_LENGTH);
}

/** Kbm: SHA1 of the home token and, unless the binding is to be deleted, the care-of token. */
export function bindingKey(homeToken: Uint8Array, careOfToken: Uint8Array | null): Uint8Array {
  const digest = createHash("sha1").update(homeToken);
  if (careOfToken !== null) digest.update(careOfToken);
  return digest.digest();
}

/**
 * First 96 bits of HMAC_SHA1(Kbm, care-of | correspondent | message) (section 6.2.7). `message` is
 * the whole mobility header; its checksum and its last 12 bytes, where the authenticator stands,
 * are left out of it.
 */
export function authenticator(
  key: Uint8Array,
  careOf: Uint8Array,
  correspondent: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const covered = message.slice(0, message.length - AUTHENTICATOR_LENGTH);
  covered.fill(0, 4, 6);
  return hmac(key, careOf, correspondent, covered).slice(0, AUTHENTICATOR_LENGTH);
}

/** Whether the authenticator at the end of `message` is the right one; takes the same time for any. */
export function isAuthentic(
  key: Uint8Array,
  careOf: Uint8Array,
  correspondent: Uint8Array,
  message: Uint8Array,
): boolean {
  if (message.length < AUTHENTICATOR_LENGTH) return false;
  const found = message.subarray(message.length - AUTHENTICATOR_LENGTH);
  return timingSafeEqual(authenticator(key, careOf, correspondent, message), found);
}
