/**
 * Timestamps with addresses: how much room each kernel wants, where its errors point, what it fills in.
 * RFC 791 section 3.1; `__ip_options_compile` of Linux; `ip_dooptions` of 4.4BSD and of FreeBSD 13.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROFILES } from "../../../ipopts/profiles/profiles.ts";
import { ipPacket, judged, verdictLine } from "../../support/judged.ts";
import { worldW } from "../../support/worlds.ts";

const U = "198.51.100.7";
/** U's address and world W's time, as they stand in a slot. */
const ENTRY = "c633640701020304";

/** An option, and the verdict line of each kernel. */
const CASES: readonly [what: string, options: string, says: Readonly<Record<string, string>>][] = [
  [
    "an address and a time fill a slot of eight bytes; 4.4BSD wants one byte more",
    "440c05010000000000000000",
    {
      engel: `accept ${U} 440c0d01${ENTRY} /`,
      linux: `accept ${U} 440c0d01${ENTRY} / 440c0d01${ENTRY}`,
      bsd44: "icmp 12/0 20",
      freebsd: `accept ${U} 440c0d01${ENTRY} /`,
    },
  ],
  [
    "with that byte it fills it, too",
    "440d0501000000000000000000",
    { bsd44: `accept ${U} 440d0d01${ENTRY}00000000 /` },
  ],
  [
    "seven bytes are no slot",
    "440b050100000000000000",
    {
      engel: "icmp 12/0 22",
      linux: "icmp 12/0 22",
      bsd44: "icmp 12/0 20",
      freebsd: "icmp 12/0 22",
    },
  ],
  [
    "a flag that means nothing is an error to the BSDs",
    "440c05020000000000000000",
    { bsd44: "icmp 12/0 20", freebsd: "icmp 12/0 23" },
  ],
];

for (const [what, options, says] of CASES) {
  for (const profile of PROFILES) {
    const line = says[profile.name];
    if (line === undefined) continue;
    test(`${what}, ${profile.name}`, () => {
      const packet = ipPacket({ options, destination: U });
      assert.is(verdictLine(judged(profile, worldW(), packet)), line);
    });
  }
}

test.run();
