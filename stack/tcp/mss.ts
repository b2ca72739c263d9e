/** How much fits into a segment (RFC 9293 section 3.7.1, RFC 6691). */
import { linkMtu, optionOverhead, pathMtu } from "../output.ts";
import { IPV4_HEADER_LENGTH } from "../wire/ipv4.ts";
import { IPV6_HEADER_LENGTH } from "../wire/ipv6.ts";
import { TCP_HEADER_LENGTH } from "../wire/tcp.ts";
import { MAX_OPTIONS, TIMESTAMP_LENGTH } from "./options.ts";
import { has, type Tcb, TF_SACK, TF_TIMESTAMPS } from "./tcb.ts";
import type { Tcp } from "./tcp.ts";

/** Fixed IP and TCP headers: what an MSS leaves out, and no options. */
export const fixedHeaders = (family: number): number =>
  TCP_HEADER_LENGTH + (family === 4 ? IPV4_HEADER_LENGTH : IPV6_HEADER_LENGTH);

/** The path MTU to the peer as known to this host now. */
export function learnPathMtu(tcp: Tcp, tcb: Tcb): void {
  tcb.pathMtu = pathMtu(tcp.stack, tcb.remote);
}

/** The MSS option this side sends: what its interface takes, options never counted (RFC 6691). */
export function announcedMss(tcp: Tcp, tcb: Tcb): number {
  const mss = Math.min(linkMtu(tcp.stack, tcb.remote) - fixedHeaders(tcb.family), 65535);
  return tcb.userMss > 0 ? Math.min(tcb.userMss, mss) : mss;
}

/**
 * Works out the payload of a full segment again: the peer's MSS and the path, less the option bytes
 * that TCP puts in and those that IP does.
 */
export function setMaxSegment(tcp: Tcp, tcb: Tcb): void {
  const { config, stack } = tcp;
  const headers = fixedHeaders(tcb.family);
  const fallback = tcb.family === 4 ? config.defaultMss : config.defaultMss6;
  let mss = Math.min(tcb.peerMss || fallback, tcb.pathMtu - headers);
  if (tcb.userMss > 0) mss = Math.min(mss, tcb.userMss);
  const ours = has(tcb, TF_TIMESTAMPS) ? TIMESTAMP_LENGTH : 0;
  const below = optionOverhead(stack, tcb.local, tcb.ip);
  // Options never leave less than one octet, whatever a peer or a router says.
  tcb.maxSeg = Math.max(mss - ours - below, 1);
}

/** Payload that fits beside the SACK blocks that the next segment will carry. */
export function segmentRoom(tcb: Tcb): number {
  const duplicate = tcb.dsackFrom !== tcb.dsackTo;
  if ((tcb.early.count === 0 && !duplicate) || !has(tcb, TF_SACK)) return tcb.maxSeg;
  const used = has(tcb, TF_TIMESTAMPS) ? TIMESTAMP_LENGTH : 0;
  const blocks = Math.min(tcb.early.count + (duplicate ? 1 : 0), (MAX_OPTIONS - used - 4) >> 3);
  return Math.max(tcb.maxSeg - 4 - 8 * blocks, 1);
}

/** Takes in the peer's MSS option; 0 when it sent none. */
export function takePeerMss(tcp: Tcp, tcb: Tcb, announced: number): void {
  const { config } = tcp;
  const fallback = tcb.family === 4 ? config.defaultMss : config.defaultMss6;
  tcb.peerMss = announced === 0 ? fallback : Math.max(announced, config.minMss);
  setMaxSegment(tcp, tcb);
  if (!config.roundBuffers) return;
  const mss = Math.min(tcb.peerMss, tcb.pathMtu - fixedHeaders(tcb.family));
  tcb.sndLimit = roundUp(tcb.sndLimit, mss, config.maxBuffer);
  tcb.rcvLimit = roundUp(tcb.rcvLimit, mss, config.maxBuffer);
}

const roundUp = (limit: number, mss: number, most: number): number =>
  limit > mss ? Math.min(Math.ceil(limit / mss) * mss, most) : limit;
