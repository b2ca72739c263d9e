/** The small things that hot paths are made of, each in a loop of its own (benchmark.js). */
import Benchmark from "benchmark";
import { AnyRouter } from "../ipopts/profiles/any-router.ts";
import { Judge } from "../ipopts/profiles/judge.ts";
import { PROFILES } from "../ipopts/profiles/profiles.ts";
import type { Profile } from "../ipopts/profiles/table.ts";
import { OptionWalk } from "../ipopts/walk.ts";
import { POLICIES } from "../replay/policies/index.ts";
import type { FlowKeys, Policy } from "../replay/policies/policy.ts";
import { checksum } from "../stack/wire/checksum.ts";
import { ipPacket } from "../test/support/judged.ts";
import { testRandom } from "../test/support/random.ts";
import type { Bench, Row } from "./bench.ts";

interface Case {
  what: string;
  /** Things done in one call. */
  amount: number;
  call(): void;
}

/** Decisions, each followed by an open and the close of an earlier connection. */
function dispatchCase(policy: Policy, servers: number): Case {
  const rows = 4096;
  const random = testRandom(1);
  const words = (length: number) => Uint32Array.from({ length }, () => random.word());
  const keys: FlowKeys = {
    client: words(4 * rows),
    server: new Uint32Array(4 * rows),
    clientPort: Uint16Array.from({ length: rows }, () => random.below(65536)),
    serverPort: new Uint16Array(rows).fill(80),
    protocol: new Uint8Array(rows).fill(6),
  };
  const loads = new Int32Array(servers);
  const dispatcher = policy.create({ servers, loads, random: { next: random.word } });
  const held = new Int32Array(rows).fill(-1);
  const change = (server: number, by: number) => {
    loads[server] += by;
    dispatcher.loadChanged?.(server);
  };
  return {
    what: `${rows} × ${policy.name}, ${servers} servers`,
    amount: rows,
    call() {
      for (let row = 0; row < rows; row++) {
        if (held[row] >= 0) change(held[row], -1);
        held[row] = dispatcher.pick(keys, row);
        change(held[row], 1);
      }
    },
  };
}

function checksumCase(bytes: number): Case {
  const view = new DataView(testRandom(2).bytes(bytes).buffer);
  return { what: `checksum of ${bytes} bytes`, amount: 1, call: () => checksum(view, 0, bytes) };
}

/** A loose source route of three addresses, a no-operation, a router alert. */
function walkCase(): Case {
  const route = [131, 15, 4, ...Array.from({ length: 12 }, (_, i) => i)];
  const view = new DataView(Uint8Array.from([...route, 1, 148, 4, 0, 0]).buffer);
  const walk = new OptionWalk();
  return {
    what: "walk of 20 option bytes",
    amount: 1,
    call() {
      for (walk.start(view, 0, view.byteLength); walk.next(); );
    },
  };
}

/** What one kernel would do with a source-routed packet, in a world that owns its destination. */
function judgeCase(profile: Profile): Case {
  const packet = ipPacket({ destination: "192.0.2.9", options: "01830b04c6336532c6336533" });
  const view = new DataView(packet.buffer);
  const judge = new Judge(new AnyRouter());
  return {
    what: `judgement of a source route, ${profile.name}`,
    amount: 1,
    call: () => judge.judge(profile, view, 0, packet.length),
  };
}

function measure({ what, amount, call }: Case, runs: number): Row {
  const bench = new Benchmark(what, call, { minSamples: runs, maxTime: 0.5 });
  bench.run();
  return {
    what,
    command: "npm run bench -- micro",
    seconds: bench.stats.sample,
    cpuSeconds: null,
    peakBytes: null,
    amount,
  };
}

export const micro: Bench = {
  name: "micro",
  about: "checksums, option walks, kernel profiles, dispatch decisions",

  async run({ runs, progress }) {
    const cases = [
      checksumCase(20),
      checksumCase(1460),
      walkCase(),
      ...PROFILES.map(judgeCase),
      ...[5, 1000].flatMap((servers) => POLICIES.map((policy) => dispatchCase(policy, servers))),
    ];
    const rows = cases.map((one) => {
      progress(one.what);
      return measure(one, runs);
    });
    return { work: "calls in a loop", unit: "rate", rows, claims: [], skipped: [] };
  },
};
