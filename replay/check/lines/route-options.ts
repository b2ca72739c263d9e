/**
 * Options of a sound IPv4 header that holds padding and routes only, written byte by byte: what
 * `reportOptionsV4` says of them, without the objects. Nothing of such an area could be lost: a
 * route is type, length, pointer and whole addresses.
 */
import { OPT_EOL, OPT_LSRR, OPT_NOP, OPT_RR, OPT_SSRR } from "../../../ipopts/option.ts";
import { OptionWalk } from "../../../ipopts/walk.ts";
import * as ip4 from "../../../stack/wire/ipv4.ts";
import { type LineBuffer, piece } from "./line-buffer.ts";

const walk = new OptionWalk();

function begin(view: DataView, at: number): void {
  const length = ip4.headerLength(view, at) - ip4.IPV4_HEADER_LENGTH;
  walk.start(view, at + ip4.IPV4_HEADER_LENGTH, length);
}

/** Names of routes: in JSON, and in text. */
const ROUTES: ReadonlyMap<number, { json: DataView; text: DataView }> = new Map(
  (
    [
      [OPT_LSRR, "lsrr"],
      [OPT_SSRR, "ssrr"],
      [OPT_RR, "rr"],
    ] as const
  ).map(([type, name]) => [
    type,
    {
      json: piece(`{"type":${type},"name":"${name}","offset":`),
      text: piece(`${name.toUpperCase()} {`),
    },
  ]),
);

/**
 * Whether the options of the IPv4 header at `at`, in which nothing is wrong, are padding and routes
 * whose pointer stands on a slot or right behind the last.
 */
export function holdsPlainRoutes(view: DataView, at: number): boolean {
  begin(view, at);
  while (walk.next()) {
    if (walk.type === OPT_NOP || walk.type === OPT_EOL) continue;
    if (!ROUTES.has(walk.type)) return false;
    const pointer = view.getUint8(walk.at + 2);
    if (pointer % 4 !== 0 || pointer > walk.length + 1) return false;
  }
  return true;
}

const JSON_NOP = piece('{"type":1,"name":"nop","offset":');
const JSON_EOL = piece('{"type":0,"name":"eol","offset":');
const JSON_LENGTH = piece(',"length":');
const JSON_PADDING = piece(',"value":{"padding":"');
const JSON_END_PADDING = piece('"}}');
const JSON_POINTER = piece(',"pointer":');
const JSON_ADDRESSES = piece(',"addresses":[');
const JSON_END_ROUTE = piece("]}");
const COMMA = piece(",");
const QUOTE = piece('"');
const END = piece("}");

/** Writes the options of the header at `at` as the items of a JSON list. */
export function optionsJson(out: LineBuffer, view: DataView, at: number): void {
  begin(view, at);
  for (let n = 0; walk.next(); n++) {
    if (n > 0) out.put(COMMA);
    const route = ROUTES.get(walk.type);
    out.put(route?.json ?? (walk.type === OPT_NOP ? JSON_NOP : JSON_EOL));
    out.number(walk.at - at);
    out.put(JSON_LENGTH);
    out.number(walk.length);
    if (route !== undefined) routeJson(out, view);
    else if (walk.type === OPT_NOP) out.put(END);
    else {
      out.put(JSON_PADDING);
      out.hex(view, walk.at + 1, walk.length - 1);
      out.put(JSON_END_PADDING);
    }
  }
}

function routeJson(out: LineBuffer, view: DataView): void {
  out.put(JSON_POINTER);
  out.number(view.getUint8(walk.at + 2));
  out.put(JSON_ADDRESSES);
  for (let slot = 3; slot < walk.length; slot += 4) {
    if (slot > 3) out.put(COMMA);
    out.put(QUOTE);
    out.quad(view.getUint32(walk.at + slot));
    out.put(QUOTE);
  }
  out.put(JSON_END_ROUTE);
}

const TEXT_NOP = piece("NOP");
const TEXT_EOL = piece("EOL");
const TEXT_NONE = piece("no options");
const SEMICOLON = piece("; ");
const COMMA_BLANK = piece(", ");
const POINTER = piece(">>");

/** Writes the options of the header at `at`, described: `NOP; LSRR {192.0.2.1>>}`. */
export function optionsText(out: LineBuffer, view: DataView, at: number): void {
  begin(view, at);
  const before = out.length;
  while (walk.next()) {
    if (out.length > before) out.put(SEMICOLON);
    const route = ROUTES.get(walk.type);
    if (route === undefined) out.put(walk.type === OPT_NOP ? TEXT_NOP : TEXT_EOL);
    else {
      out.put(route.text);
      slotsText(out, view);
    }
  }
  if (out.length === before) out.put(TEXT_NONE);
}

function slotsText(out: LineBuffer, view: DataView): void {
  const pointer = view.getUint8(walk.at + 2);
  for (let slot = 3; slot < walk.length; slot += 4) {
    if (slot > 3) out.put(COMMA_BLANK);
    if (slot + 1 === pointer) out.put(POINTER);
    out.quad(view.getUint32(walk.at + slot));
  }
  if (pointer > walk.length) out.put(POINTER);
  out.put(END);
}
