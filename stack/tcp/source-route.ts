/**
 * When TCP takes over the source route that a segment arrived with: RFC 1122 section 4.2.3.8, as
 * each kind of host has it (specification sections 4.5 and 4.6).
 *
 * The route itself, reversed and with the receive-path pin in it, is `stack.savedRoute`'s; here is
 * only the question of which segments may change what a connection sends along.
 */
import type { ClientProfile } from "../config.ts";
import type { SendOptions } from "../ip/send-options.ts";
import { setMaxSegment } from "./mss.ts";
import type { Tcb } from "./tcb.ts";
import { TF_USER_ROUTE } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

export interface RouteProfile {
  /** Segments that arrive with a source route are not for TCP: dropped (accept_source_route=0). */
  readonly refuse: boolean;
  /** A duplicate SYN with another route replaces the one kept from the first. */
  readonly duplicateSyn: boolean;
  /** The ACK that ends the handshake overrides the SYN's route. */
  readonly finalAck: boolean;
  /** A client takes the route of the SYN-ACK: what the paper hopes for. */
  readonly synAck: boolean;
  /** Acceptable later segments override it (RFC 1122 SHOULD). */
  readonly later: boolean;
  /** Keep-alives, challenge ACKs and resets of a connection carry its route. */
  readonly responses: boolean;
  /** A reset about no connection goes back the way its cause came. */
  readonly strangers: boolean;
  /** ACKs from TIME-WAIT go back the way their cause came, not by the connection's route. */
  readonly timeWaitByCause: boolean;
}

/** One row for each profile. All passive opens keep the route of the SYN (MUST-51). */
export const ROUTE_PROFILES: Readonly<Record<ClientProfile, RouteProfile>> = {
  engel: {
    refuse: false,
    duplicateSyn: true,
    finalAck: true,
    synAck: true,
    later: true,
    responses: true,
    strangers: true,
    timeWaitByCause: false,
  },
  stock: {
    refuse: false,
    duplicateSyn: false,
    finalAck: false,
    synAck: false,
    later: false,
    responses: true,
    strangers: true,
    timeWaitByCause: true,
  },
  bsd44: {
    refuse: false,
    duplicateSyn: false,
    finalAck: false,
    synAck: false,
    later: false,
    responses: false,
    strangers: false,
    timeWaitByCause: false,
  },
  freebsd: {
    refuse: false,
    duplicateSyn: true,
    finalAck: true,
    synAck: false,
    later: false,
    responses: false,
    strangers: false,
    timeWaitByCause: false,
  },
  filtering: {
    refuse: true,
    duplicateSyn: false,
    finalAck: false,
    synAck: false,
    later: false,
    responses: true,
    strangers: true,
    timeWaitByCause: true,
  },
};

/**
 * Takes over the route of the segment being looked at, unless the user has set one, which wins
 * (MUST-53). A segment without a route leaves the connection's as it is.
 */
export function saveRoute(tcp: Tcp, tcb: Tcb): void {
  const { savedRoute, config } = tcp.stack;
  if (savedRoute.empty || tcb.flags & TF_USER_ROUTE) return;
  if (savedRoute.matches(tcb.ip.options, config.profile)) return;
  setRoute(tcp, tcb, savedRoute.reply(config.profile));
  tcp.stats.routesSaved++;
}

/** Sends along `options` from here on; the payload of a full segment follows. */
export function setRoute(tcp: Tcp, tcb: Tcb, options: SendOptions | null): void {
  tcb.ip.options = options;
  tcb.ip.routeGeneration = -1;
  setMaxSegment(tcp, tcb);
}
