/** The stack engine: connections and packets a second through client, router and servers. */
import { type Bench, median, type Row } from "./bench.ts";
import { measureCommands, runCommand } from "./measure.ts";

const PROGRAM = "node dist/bench/emulation/run-emulation.js";

interface Printed {
  seconds: number;
  connections: number;
  packets: number;
}

const printed = (stdout: string): Printed => JSON.parse(stdout) as Printed;

export const emulation: Bench = {
  name: "emulation",
  about: "the stack engine: whole connections through client, router and servers",
  async run({ runs, size, progress }) {
    const many = size ?? 60_000;
    const few = Math.max(1, Math.round(many / 6));
    const works = [
      { work: String(few), design: "plain" },
      { work: String(many), design: "plain" },
      { work: String(many), design: "pinned-receive" },
      { work: "samples/web.pcap.gz", design: "plain" },
      { work: "samples/web.pcap.gz", design: "pinned-receive" },
    ];
    const facts = works.map(({ work, design }) => {
      progress(`counting: ${design}, ${work}`);
      return printed(runCommand(`${PROGRAM} ${design} ${work}`).stdout);
    });
    const subjects = works.map(({ work, design }, i) => ({
      what: `${design}, ${work.includes(".") ? work : `${work} generated`}`,
      command: `${PROGRAM} ${design} ${work}`,
      amount: facts[i].connections,
      own: (stdout: string) => printed(stdout).seconds,
    }));
    const rows: Row[] = measureCommands(subjects, runs, progress);
    const rate = (i: number): number => facts[i].connections / median(rows[i].seconds);
    const packetRate = (i: number): number => facts[i].packets / median(rows[i].seconds);
    return {
      work: `${many} connections generated, 8 servers; the sample, 5 servers; hash dispatch`,
      unit: "connection",
      rows,
      beside: rows[1].what,
      claims: [
        {
          text: "connections a second, plain",
          measured: rate(1),
          wanted: 20_000,
          side: "at least",
        },
        {
          text: "packets a second, plain",
          measured: packetRate(1),
          wanted: 300_000,
          side: "at least",
        },
        {
          text: "rate with six times the connections, of the rate with few",
          measured: rate(1) / rate(0),
          wanted: 0.9,
          side: "at least",
        },
        {
          text: "time with the pin, of the time without",
          measured: median(rows[2].seconds) / median(rows[1].seconds),
          wanted: 1.25,
          side: "at most",
        },
      ],
      skipped: [],
    };
  },
};
