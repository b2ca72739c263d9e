/**
 * Why an operation on options was not carried out. Operations change bytes in place or return one
 * of these and change nothing: a caller that ignores the answer is a mistake, not a silent no-op.
 */
export type Refusal =
  /** No source route stands in the area. */
  | "no-route"
  /** The pointer is past the last slot: every hop has been visited. */
  | "route-complete"
  /** The option breaks a rule of its form; `decodeOptions` says which. */
  | "malformed"
  /** Nine hops, or as many as were allocated, are there already. */
  | "route-full"
  /** The header would pass 40 option bytes (RFC 791 section 3.1). */
  | "no-space"
  /** The last visited hop is already one of this host's own unicast addresses. */
  | "already-pinned"
  /** The destination is not an own address, so this host is not the hop that acts. */
  | "not-ours"
  /** The next hop is another host. */
  | "next-not-ours"
  /** The 4-bit count of hops that found no slot is at its end (RFC 791 section 3.1). */
  | "overflow";
