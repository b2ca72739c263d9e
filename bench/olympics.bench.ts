/** The whole Olympics: a flow trace of 60 million connections, made, read and replayed. */
import { mkdirSync, statSync } from "node:fs";
import { POLICIES } from "../replay/policies/index.ts";
import { type Bench, median } from "./bench.ts";
import { measureCommands, type Subject } from "./measure.ts";

const CONNECTIONS = 60_000_000;
const FOLDER = "out/bench";
const CLI = "node dist/anypin/main.js";

const own = (stdout: string): number => JSON.parse(stdout).seconds;

export const olympics: Bench = {
  name: "olympics",
  about: "60 million connections (--size) over 26 days: make, write, read, replay from disk",

  async run({ runs, size, progress }) {
    const connections = size ?? CONNECTIONS;
    mkdirSync(FOLDER, { recursive: true });
    const file = (count: number) => `${FOLDER}/olympic96-${count}.flows`;
    // Time must grow with the number of connections and memory not at all.
    const sizes = [connections, connections / 10, connections / 100, connections / 1000].map(
      Math.ceil,
    );
    // A trace of every size, all of them over the same 26 days: only the density differs.
    const made = sizes.map(
      (count): Subject => ({
        what: `generate ${count}`,
        command: `${CLI} generate --connections ${count} --duration ${607 * 3600} --out ${file(count)} --quiet`,
        amount: count,
        atMost: 1,
      }),
    );
    const makeRows = measureCommands(made, runs, progress);
    const replays = sizes.map(
      (count): Subject => ({
        what: `replay ${count}`,
        command: `${CLI} replay ${file(count)} --json --quiet`,
        amount: count,
        reads: file(count),
        ...(count === connections ? { atMost: 3 } : {}),
      }),
    );
    const block = Math.min(connections, 6_000_000);
    const disk: Subject[] = [
      {
        what: "write blocks",
        command: `node dist/bench/olympics/write-flows.js ${block}`,
        amount: block,
        own,
      },
      {
        what: "read blocks",
        command: `node dist/bench/olympics/read-flows.js ${file(connections)}`,
        amount: connections,
        reads: file(connections),
        own,
        atMost: 3,
      },
    ];
    const rows = [...makeRows, ...measureCommands([...replays, ...disk], runs, progress)];
    const of = (what: string) => {
      const row = rows.find((r) => r.what === what);
      if (!row) throw new Error(`no row ${what}`);
      return row;
    };
    const whole = of(`replay ${connections}`);
    const perSecond = (what: string) => of(what).amount / median(of(what).seconds);
    return {
      work: `olympic96, ${connections} connections, ${POLICIES.length} policies, windows of 0.5 s`,
      unit: "connections",
      rows,
      beside: `replay ${connections}`,
      claims: [
        {
          text: "60 million connections from disk, four policies, seconds",
          measured: (median(whole.seconds) * CONNECTIONS) / connections,
          wanted: 25,
          side: "at most",
        },
        {
          text: "largest resident memory, MB",
          measured: (whole.peakBytes ?? 0) / 1e6,
          wanted: 300,
          side: "at most",
        },
        {
          text: "bytes a connection on disk",
          measured: statSync(file(connections)).size / connections,
          wanted: 16,
          side: "at most",
        },
        {
          text: "million connections written a second",
          measured: perSecond("write blocks") / 1e6,
          wanted: 5,
          side: "at least",
        },
        {
          text: "million connections read a second",
          measured: perSecond("read blocks") / 1e6,
          wanted: 15,
          side: "at least",
        },
      ],
      skipped: [],
    };
  },
};
