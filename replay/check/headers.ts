/**
 * Every IP header in a packet, from the outermost to the innermost: tunnels are entered and the
 * packets that ICMP errors quote are too. Columns used again for each packet; nothing is allocated.
 */
import { findSourceRoute } from "../../ipopts/source-route.ts";
import { ExtensionChain, NEXT_DESTINATION, NEXT_ROUTING } from "../../ipopts/v6/chain.ts";
import { OPTION_HOME_ADDRESS } from "../../ipopts/v6/header-options.ts";
import { TlvWalk } from "../../ipopts/v6/tlv.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { isIcmpError } from "../../stack/wire/icmp.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import * as ip6 from "../../stack/wire/ipv6.ts";
import { innerOfGre, innerOfUdp } from "./tunnels.ts";

/** Deeper nesting than any network has; what lies deeper is left alone. */
export const MAX_HEADERS = 16;

/** How a header was reached from the one before it. */
export const VIA_LINK = 0;
export const VIA_TUNNEL = 1;
export const VIA_QUOTE = 2;

/** What is wrong with the fixed part of a header, so that no kernel would look further. */
export type HeaderFault = "version" | "header-length" | "total-length";

/** Bits of `flags`. */
export const HAS_OPTIONS = 1;
/** Some extension header, a mobility header included. */
export const HAS_EXTENSIONS = 2;
/** The snaplen, or the end of a quote, cuts the header itself or its extension headers. */
export const IS_CUT = 4;
/** A fragment that is not the first: what follows is the middle of a packet. */
export const IS_LATER_FRAGMENT = 8;
/** A first fragment with more to come. */
export const IS_FIRST_FRAGMENT = 16;
/** The length field is 0, as segmentation offload leaves it. */
export const IS_OFFLOADED = 32;
/** Inside an ICMP error's quote. */
export const IS_QUOTED = 64;
/** The length field claims more than the frame had. */
export const IS_OVERLONG = 128;
/** An extension header runs past the payload. */
export const IS_OVERRUN = 256;

export class HeaderStack {
  count = 0;
  readonly version = new Uint8Array(MAX_HEADERS);
  readonly via = new Uint8Array(MAX_HEADERS);
  readonly flags = new Uint16Array(MAX_HEADERS);
  readonly at = new Int32Array(MAX_HEADERS);
  /** Captured bytes of this packet end here. */
  readonly end = new Int32Array(MAX_HEADERS);
  /** The packet claims to end here; beyond `end` when something cut it. */
  readonly claimed = new Int32Array(MAX_HEADERS);
  /** Protocol and place of what follows the header and its extension headers. */
  readonly upper = new Uint8Array(MAX_HEADERS);
  readonly upperAt = new Int32Array(MAX_HEADERS);
  /** First source route option or routing header; −1 when there is none. */
  readonly routingAt = new Int32Array(MAX_HEADERS);
  /** IPv6: data of the home address option; −1 when there is none. */
  readonly homeAddressAt = new Int32Array(MAX_HEADERS);
  readonly fault: (HeaderFault | null)[] = new Array(MAX_HEADERS).fill(null);
  readonly chain = new ExtensionChain();
  readonly #options = new TlvWalk();
  readonly #walk = new OptionWalk();

  /**
   * Reads the headers of the packet whose IP header begins at `at`. Bytes up to `end` were
   * captured; the frame reached to `wireEnd`.
   */
  read(view: DataView, at: number, end: number, wireEnd: number): void {
    this.count = 0;
    let via = VIA_LINK;
    let flags = 0;
    while (this.count < MAX_HEADERS && at < end) {
      const i = this.count++;
      this.via[i] = via;
      this.flags[i] = flags;
      this.at[i] = at;
      this.fault[i] = null;
      this.routingAt[i] = -1;
      this.homeAddressAt[i] = -1;
      const version = ip4.version(view, at);
      this.version[i] = version;
      const whole =
        version === 4
          ? this.#readV4(view, i, end, wireEnd)
          : version === 6
            ? this.#readV6(view, i, end, wireEnd)
            : this.#bad(i, "version", end);
      if (!whole || (this.flags[i] & IS_LATER_FRAGMENT) !== 0) return;
      const inner = this.#inner(view, i);
      if (inner < 0 || inner >= this.end[i]) return;
      const quoted = this.#isQuote(i);
      via = quoted ? VIA_QUOTE : VIA_TUNNEL;
      flags = quoted ? IS_QUOTED : this.flags[i] & IS_QUOTED;
      at = inner;
      end = this.end[i];
      wireEnd = this.claimed[i];
    }
  }

  #bad(i: number, fault: HeaderFault, end: number): false {
    this.fault[i] = fault;
    this.end[i] = end;
    this.claimed[i] = end;
    this.upperAt[i] = end;
    return false;
  }

  #cut(i: number, end: number, claimed: number): false {
    this.flags[i] |= IS_CUT;
    this.end[i] = end;
    this.claimed[i] = Math.max(claimed, end);
    this.upperAt[i] = end;
    return false;
  }

  /** Sets `claimed` and `end` from the length field; `claimed` 0 means that offload left it blank. */
  #span(i: number, claimed: number, end: number, wireEnd: number): void {
    if (claimed === 0) {
      this.flags[i] |= IS_OFFLOADED;
      claimed = wireEnd;
    }
    if (claimed > wireEnd) this.flags[i] |= IS_OVERLONG;
    this.claimed[i] = claimed;
    this.end[i] = Math.min(end, claimed);
  }

  #readV4(view: DataView, i: number, end: number, wireEnd: number): boolean {
    const at = this.at[i];
    if (end - at < ip4.IPV4_HEADER_LENGTH) return this.#cut(i, end, wireEnd);
    const length = ip4.headerLength(view, at);
    const total = ip4.totalLength(view, at);
    if (length < ip4.IPV4_HEADER_LENGTH) return this.#bad(i, "header-length", end);
    if (length > ip4.IPV4_HEADER_LENGTH) this.flags[i] |= HAS_OPTIONS;
    if (total !== 0 && total < length) {
      this.#bad(i, "total-length", end);
      return false;
    }
    this.#span(i, total === 0 ? 0 : at + total, end, wireEnd);
    this.upper[i] = ip4.protocol(view, at);
    this.upperAt[i] = Math.min(at + length, this.end[i]);
    const word = ip4.fragmentWord(view, at);
    if ((word & ip4.IP_OFFSET_MASK) !== 0) this.flags[i] |= IS_LATER_FRAGMENT;
    else if ((word & ip4.IP_MF) !== 0) this.flags[i] |= IS_FIRST_FRAGMENT;
    if (at + length > this.end[i]) {
      this.flags[i] |= IS_CUT;
      return false;
    }
    if (length > ip4.IPV4_HEADER_LENGTH) {
      const from = at + ip4.IPV4_HEADER_LENGTH;
      this.routingAt[i] = findSourceRoute(this.#walk, view, from, at + length - from);
    }
    return true;
  }

  #readV6(view: DataView, i: number, end: number, wireEnd: number): boolean {
    const at = this.at[i];
    if (end - at < ip6.IPV6_HEADER_LENGTH) return this.#cut(i, end, wireEnd);
    const payload = ip6.payloadLength(view, at);
    const next = ip6.nextHeader(view, at);
    const blank = payload === 0 && next !== ip6.IPPROTO_NONE;
    this.#span(i, blank ? 0 : at + ip6.IPV6_HEADER_LENGTH + payload, end, wireEnd);
    const chain = this.chain;
    chain.start(view, at, this.end[i], this.claimed[i]);
    while (chain.next()) {
      this.flags[i] |= HAS_EXTENSIONS;
      if (chain.header === NEXT_ROUTING && this.routingAt[i] < 0) this.routingAt[i] = chain.offset;
      if (chain.header === NEXT_DESTINATION) this.#findHomeAddress(view, i);
      // A mobility header is the end of its chain: nothing may follow it (RFC 6275 section 6.1.1).
      if (chain.header === ip6.IPPROTO_MOBILITY) {
        this.upper[i] = ip6.IPPROTO_MOBILITY;
        this.upperAt[i] = chain.offset;
        return false;
      }
    }
    if (chain.laterFragment) this.flags[i] |= IS_LATER_FRAGMENT;
    if (chain.firstFragment) this.flags[i] |= IS_FIRST_FRAGMENT;
    this.upper[i] = chain.upper;
    this.upperAt[i] = Math.min(chain.upperAt, this.end[i]);
    if (chain.fault !== null) {
      this.flags[i] |= HAS_EXTENSIONS | (chain.fault === "cut" ? IS_CUT : IS_OVERRUN);
      return false;
    }
    return true;
  }

  #findHomeAddress(view: DataView, i: number): void {
    const walk = this.#options;
    walk.start(view, this.chain.offset + 2, this.chain.offset + this.chain.length);
    while (walk.next()) {
      if (walk.type === OPTION_HOME_ADDRESS && walk.dataLength === 16) {
        this.homeAddressAt[i] = walk.dataAt;
      }
    }
  }

  #isQuote(i: number): boolean {
    const upper = this.upper[i];
    return upper === ip4.IPPROTO_ICMP || upper === ip6.IPPROTO_ICMPV6;
  }

  /** Where the IP header inside header i begins, or −1. */
  #inner(view: DataView, i: number): number {
    const at = this.upperAt[i];
    const left = this.end[i] - at;
    switch (this.upper[i]) {
      case ip4.IPPROTO_IPIP:
      case ip4.IPPROTO_IPV6:
        return at;
      case ip4.IPPROTO_GRE:
        return innerOfGre(view, at, this.end[i]);
      case ip4.IPPROTO_ICMP:
        return left > 8 && isIcmpError(view.getUint8(at)) ? at + 8 : -1;
      case ip6.IPPROTO_ICMPV6:
        // Types 1 to 4 are errors (RFC 4443 section 2.1); the quote follows four bytes of their own.
        return left > 8 && view.getUint8(at) >= 1 && view.getUint8(at) <= 4 ? at + 8 : -1;
      case ip4.IPPROTO_UDP:
        return innerOfUdp(view, at, this.end[i]);
      default:
        return -1;
    }
  }
}
