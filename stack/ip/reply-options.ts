/**
 * The options of an echo or timestamp reply (RFC 1122 sections 3.2.2.6 and 3.2.2.8): the source
 * route reversed, what the request recorded carried back.
 */

import { OptionsBuilder } from "../../ipopts/builder.ts";
import { OPT_CIPSO, OPT_EOL, OPT_NOP, OPT_RR, OPT_SECURITY, OPT_TS } from "../../ipopts/option.ts";
import type { Mbuf } from "../mbuf.ts";
import type { Stack } from "../stack.ts";
import type { SendOptions } from "./send-options.ts";

/** Carried back beside the route: record route, timestamps, security labels. */
const ECHOED = new Set([OPT_RR, OPT_TS, OPT_SECURITY, OPT_CIPSO]);

/**
 * The options of the reply to the packet at `m.ipAt`, whose header has `header` bytes; null for
 * none. The BSDs put the route first; what Linux keeps beside it is the saved route's already.
 */
export function replyOptions(stack: Stack, m: Mbuf, header: number): SendOptions | null {
  const { savedRoute, config } = stack;
  const route = savedRoute.reply(config.profile);
  if (config.profile === "linux") return route;
  const builder = new OptionsBuilder();
  if (route) builder.append(new DataView(route.bytes.buffer), 0, route.bytes.length);
  echo(stack, m, header, builder);
  if (builder.pad() === 0) return null;
  return { firstHop: route?.firstHop ?? 0, bytes: builder.bytes.slice(0, builder.length) };
}

function echo(stack: Stack, m: Mbuf, header: number, builder: OptionsBuilder): void {
  const { walk } = stack.scratch;
  walk.start(m.view, m.ipAt + 20, header - 20);
  while (walk.next()) {
    if (walk.type === OPT_EOL) return;
    if (walk.type === OPT_NOP || !ECHOED.has(walk.type)) continue;
    // What does not fit any more stays behind; the route has gone in already.
    builder.append(m.view, walk.at, walk.length);
  }
}
