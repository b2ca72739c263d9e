/** The flow engine on as many connections as the 1996 Games had requests, in one pass. */

import { POLICIES } from "../replay/policies/index.ts";
import { type Bench, median } from "./bench.ts";
import { measureCommands, type Subject } from "./measure.ts";

const CONNECTIONS = 60_000_000;
const WANTED_SECONDS = 20;
const WANTED_MEGABYTES = 256;

const subject = (what: string, connections: number, policies: string): Subject => ({
  what,
  command: `node dist/bench/flow/replay-poisson.js ${connections} ${policies}`,
  amount: connections,
  own: (stdout) => median(JSON.parse(stdout).seconds),
});

export const flow: Bench = {
  name: "flow",
  about: "60 million connections (--size) through the flow engine, all policies in one pass",

  async run({ runs, size, progress }) {
    const connections = size ?? CONNECTIONS;
    const all = POLICIES.map((policy) => policy.name).join(",");
    const subjects = [
      subject("all policies", connections, all),
      subject("all, a tenth of them", Math.ceil(connections / 10), all),
      ...POLICIES.map(({ name }) => subject(name, Math.ceil(connections / 10), name)),
    ];
    const rows = measureCommands(subjects, runs, progress);
    const whole = rows[0];
    const scale = CONNECTIONS / connections;
    return {
      work: `${connections} connections, 27 a second, windows of 0.5 s`,
      unit: "connections",
      rows,
      beside: "all policies",
      claims: [
        {
          text: `60 million connections × ${POLICIES.length} policies, seconds`,
          measured: median(whole.seconds) * scale,
          wanted: WANTED_SECONDS,
          side: "at most",
        },
        {
          text: "largest resident memory, MB",
          measured: (whole.peakBytes ?? 0) / 1e6,
          wanted: WANTED_MEGABYTES,
          side: "at most",
        },
      ],
      skipped: [],
    };
  },
};
