/** A packet's bytes beside what they say, header field by header field. */
import { decodeOptions, describeOption } from "../../ipopts/decode.ts";
import { isSourceRoute, OPT_NOP, OPT_SSRR } from "../../ipopts/option.ts";
import { findSourceRoute, routeHop, routeHops, visitedHops } from "../../ipopts/source-route.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import { formatV4 } from "../../stack/wire/address.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import * as tcp from "../../stack/wire/tcp.ts";
import type { RoutePicture, WalkField } from "./steps.ts";

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [tcp.TH_SYN, "SYN"],
  [tcp.TH_FIN, "FIN"],
  [tcp.TH_RST, "RST"],
  [tcp.TH_PUSH, "PSH"],
  [tcp.TH_ACK, "ACK"],
  [tcp.TH_URG, "URG"],
];

/** `SYN ACK`. */
const flagNames = (flags: number): string =>
  FLAG_NAMES.filter(([bit]) => flags & bit)
    .map(([, name]) => name)
    .join(" ");

/** `0x1001`. */
const hexNumber = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** The source route of the IPv4 header at `at`, or null. */
export function routePicture(view: DataView, at: number): RoutePicture | null {
  const length = ipv4.headerLength(view, at) - 20;
  const routeAt = findSourceRoute(new OptionWalk(), view, at + 20, length);
  if (routeAt < 0) return null;
  return {
    kind: view.getUint8(routeAt) === OPT_SSRR ? "SSRR" : "LSRR",
    slots: Array.from({ length: routeHops(view, routeAt) }, (_, i) =>
      formatV4(routeHop(view, routeAt, i)),
    ),
    pointer: visitedHops(view, routeAt),
  };
}

/** Every byte of the IPv4/TCP packet at the beginning of `bytes`. `name` adds to an address. */
export function packetFields(bytes: Uint8Array, name: (address: string) => string): WalkField[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields: WalkField[] = [];
  const say = (layer: WalkField["layer"], offset: number, length: number, meaning: string) => {
    const hex = Buffer.from(bytes.subarray(offset, offset + length)).toString("hex");
    fields.push({ offset, hex, meaning, layer });
  };
  const header = ipv4.headerLength(view, 0);
  const shown = (address: number) => name(formatV4(address));
  say("ip", 0, 2, `IPv4, header ${header} bytes, type of service ${ipv4.tos(view, 0)}`);
  say("ip", 2, 2, `total length ${ipv4.totalLength(view, 0)}`);
  say("ip", 4, 2, `identification ${hexNumber(ipv4.identification(view, 0))}`);
  say("ip", 6, 2, ipv4.fragmentWord(view, 0) & ipv4.IP_DF ? "do not fragment" : "not a fragment");
  say("ip", 8, 2, `time to live ${ipv4.ttl(view, 0)}, protocol ${ipv4.protocol(view, 0)} (TCP)`);
  say("ip", 10, 2, "header checksum");
  say("ip", 12, 4, `source ${shown(ipv4.source(view, 0))}`);
  say("ip", 16, 4, `destination ${shown(ipv4.destination(view, 0))}`);
  for (const option of decodeOptions(view, 20, header - 20).options) {
    const { type, offset, length } = option;
    if (!isSourceRoute(type)) {
      say(
        "option",
        offset,
        length,
        type === OPT_NOP ? "no operation (alignment)" : describeOption(option),
      );
      continue;
    }
    const hops = routeHops(view, offset);
    const visited = visitedHops(view, offset);
    const strictness = type === OPT_SSRR ? "strict" : "loose";
    say(
      "option",
      offset,
      3,
      `${strictness} source route, ${length} bytes, pointer ${view.getUint8(offset + 2)}`,
    );
    for (let i = 0; i < hops; i++) {
      const state = i < visited ? "passed" : i === visited ? "next, at the pointer ▲" : "to come";
      say("option", offset + 3 + 4 * i, 4, `${shown(routeHop(view, offset, i))} ${state}`);
    }
  }
  tcpFields(view, header, say);
  const data = header + tcp.dataOffset(view, header);
  if (data < bytes.length) say("data", data, bytes.length - data, printable(bytes.subarray(data)));
  return fields;
}

function tcpFields(
  view: DataView,
  at: number,
  say: (layer: "tcp", offset: number, length: number, meaning: string) => void,
): void {
  const length = tcp.dataOffset(view, at);
  say("tcp", at, 4, `port ${tcp.sourcePort(view, at)} to ${tcp.destinationPort(view, at)}`);
  say("tcp", at + 4, 4, `sequence number ${hexNumber(tcp.sequence(view, at))}`);
  say("tcp", at + 8, 4, `acknowledgment ${hexNumber(tcp.acknowledgment(view, at))}`);
  say("tcp", at + 12, 2, `header ${length} bytes, ${flagNames(tcp.flags(view, at))}`);
  say("tcp", at + 14, 2, `window ${tcp.window(view, at)}`);
  say("tcp", at + 16, 2, "checksum, over the final destination");
  say("tcp", at + 18, 2, "urgent pointer");
  if (length > 20) {
    const mss = view.getUint8(at + 20) === 2 && length === 24;
    say(
      "tcp",
      at + 20,
      length - 20,
      mss ? `maximum segment ${view.getUint16(at + 22)}` : "options",
    );
  }
}

const printable = (data: Uint8Array): string =>
  JSON.stringify(Buffer.from(data).toString("latin1"));
