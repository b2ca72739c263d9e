/**
 * A correspondent node (RFC 6275 section 9): answers the return routability procedure without
 * keeping state, keeps bindings, and vouches for home addresses. Time, the node key and nonces are
 * handed in.
 */
import { leastMobilityLength } from "../../ipopts/v6/check-mobility.ts";
import {
  MH_BE,
  MH_BU,
  MH_COT,
  MH_COTI,
  MH_HOT,
  MH_HOTI,
  MOBILITY_MESSAGES,
} from "../../ipopts/v6/mobility.ts";
import { IPPROTO_NONE } from "../wire/ipv6.ts";
import { BindingCache } from "./binding-cache.ts";
import { type BindingReply, updateBinding } from "./binding-update.ts";
import { keygenToken, TOKEN_CARE_OF, TOKEN_HOME } from "./keys.ts";
import {
  buildMessage,
  isIntact,
  type MobilityPacket,
  readMessage,
  sealMessage,
} from "./message.ts";

/** Status of a binding error (section 6.1.9). */
export const BE_NO_BINDING = 1;
export const BE_UNKNOWN_MESSAGE = 2;

export interface Nonces {
  /** Indices used in new messages. */
  readonly home: number;
  readonly careOf: number;
  /** The nonce of an index, or null once it has expired (MAX_NONCE_LIFETIME, 240 s). */
  at(index: number): Uint8Array | null;
}

export interface CorrespondentOptions {
  /** Kcn, 20 bytes. */
  readonly nodeKey: Uint8Array;
  readonly nonces: Nonces;
  /** Seconds on any clock that does not go back. */
  now(): number;
}

/** What comes of a packet: a packet to send, an ICMPv6 parameter problem, or nothing. */
export type Outcome =
  | { readonly kind: "send"; readonly packet: MobilityPacket }
  /** Parameter problem 4/0; `offset` counts from the mobility header. */
  | { readonly kind: "problem"; readonly offset: number }
  | { readonly kind: "silent"; readonly reason: string }
  | { readonly kind: "deliver" };

const silent = (reason: string): Outcome => ({ kind: "silent", reason });

export class Correspondent {
  readonly bindings = new BindingCache();
  readonly #options: CorrespondentOptions;

  constructor(options: CorrespondentOptions) {
    this.#options = options;
  }

  /** Takes a mobility message, in the order of section 9.2. */
  input(packet: MobilityPacket): Outcome {
    const { message } = packet;
    if (message.length < 8 || message.length !== (message[1] + 1) * 8) return silent("length");
    if (!isIntact(packet)) return silent("checksum");
    const type = message[2];
    if (!MOBILITY_MESSAGES.has(type)) return this.#error(packet, BE_UNKNOWN_MESSAGE);
    if (message[0] !== IPPROTO_NONE) return { kind: "problem", offset: 0 };
    if (message.length < leastMobilityLength(type)) return { kind: "problem", offset: 1 };
    if (type === MH_HOTI || type === MH_COTI) return this.#test(packet, type);
    if (type === MH_BU) return this.#update(packet);
    return silent("not for a correspondent");
  }

  /** A packet whose home address option claims `home` (section 9.3.1); `next` is its next header. */
  homeAddress(packet: Omit<MobilityPacket, "message">, next: number): Outcome {
    const { home, source } = packet;
    const exempt = next === 50 || next === 51 || next === 135;
    if (home === null || exempt) return { kind: "deliver" };
    if (this.bindings.vouches(home, source, this.#options.now())) return { kind: "deliver" };
    return this.#error({ ...packet, message: new Uint8Array(0) }, BE_NO_BINDING);
  }

  /** HoT or CoT: cookie back, token for the address that asked (sections 9.4.1 to 9.4.4). */
  #test(packet: MobilityPacket, type: number): Outcome {
    if (packet.home !== null) return silent("test init with a home address option");
    const { nodeKey, nonces } = this.#options;
    const home = type === MH_HOTI;
    const nonceIndex = home ? nonces.home : nonces.careOf;
    const nonce = nonces.at(nonceIndex);
    if (nonce === null) return silent("no nonce");
    const kind = home ? TOKEN_HOME : TOKEN_CARE_OF;
    const token = keygenToken(nodeKey, packet.source, nonce, kind);
    const { cookie } = readMessage(packet.message).fields;
    return this.#reply(
      packet,
      null,
      buildMessage(home ? MH_HOT : MH_COT, { nonceIndex, cookie, token }),
    );
  }

  #update(packet: MobilityPacket): Outcome {
    const { nodeKey, nonces } = this.#options;
    const reply: BindingReply = updateBinding(packet, {
      nodeKey,
      nonce: (index) => nonces.at(index),
      bindings: this.bindings,
      now: this.#options.now(),
    });
    if (reply.kind === "silent") return reply;
    return this.#reply(packet, packet.home, reply.message);
  }

  /** To the wire source of what came in; through a type 2 routing header to `routedTo`. */
  #reply(packet: MobilityPacket, routedTo: Uint8Array | null, message: Uint8Array | null): Outcome {
    if (message === null) return silent("reply does not fit");
    const { source, destination } = packet;
    sealMessage(message, destination, routedTo ?? source);
    const answer = { source: destination, destination: source, home: null, routedTo, message };
    return { kind: "send", packet: answer };
  }

  #error(packet: MobilityPacket, status: number): Outcome {
    const homeAddress = packet.home ?? new Uint8Array(16);
    return this.#reply(packet, null, buildMessage(MH_BE, { status, reserved: 0, homeAddress }));
  }
}
