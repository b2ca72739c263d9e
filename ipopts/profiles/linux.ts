/** Linux 6.x with `rp_filter`, `accept_local` and redirects off (net/ipv4/ip_options.c). */
import { drop } from "./acts.ts";
import { never } from "./conditions.ts";
import { cipso, eol, recordRoute, routerAlert, sourceRoute, timestamp } from "./linux/compile.ts";
import { decided } from "./linux/forward.ts";
import { isMartian } from "./linux/input-route.ts";
import { unsaid } from "./linux/unsaid.ts";
import type { Profile } from "./table.ts";

export const linux: Profile = {
  name: "linux",
  summary: "Linux 6: options compiled after the input route, errors echo what was compiled",
  arrived: [[isMartian, drop("ip_route_input_slow: martian")]],
  ignoresOptions: never,
  shortest: 2,
  faultPointer: { "no-length": 0, "length-too-small": 0, "length-too-large": 0 },
  malformed: (c, pointer) => {
    c.refuse(12, 0, pointer, "__ip_options_compile: an option does not fit the header");
  },
  options: { eol, sourceRoute, recordRoute, timestamp, routerAlert, cipso },
  decided,
  unsaid,
};
