/** What a kernel does with an IPv6 packet. */

export interface V6Verdict {
  readonly action: "accept" | "forward" | "icmp" | "drop";
  /** The ICMPv6 error; the pointer counts from the packet's first byte. */
  readonly icmp?: { readonly type: number; readonly code: number; readonly pointer?: number };
  /** Interface a forwarded packet leaves by, and its fixed and extension headers as it leaves. */
  readonly dev?: string;
  readonly header?: Uint8Array;
  /** Address a packet is delivered to, 16 bytes, and its extension headers as a socket sees them. */
  readonly destination?: Uint8Array;
  readonly headers?: Uint8Array;
  /** The headers themselves are at fault, though nothing may be said about it. */
  readonly malformed?: boolean;
  /** One clause for people. */
  readonly reason: string;
}
