/** The stack engine: connections and packets a second through client, router and eight servers. */
import { mkdirSync } from "node:fs";
import { type Bench, median, type Row } from "./bench.ts";
import { runCommand } from "./measure.ts";

const FOLDER = "out/bench";
const PROGRAM = "node dist/bench/emulation/run-emulation.js";
const DESIGNS = ["plain", "pinned-receive", "pinned-transmit"] as const;
const SAMPLE = "samples/web.pcap.gz";

interface Printed {
  connections: number;
  packets: number;
  seconds: number;
  cpuSeconds: number;
}

/** One trace under one design, measured again and again. */
class Subject {
  readonly row: Row;
  readonly cpu: number[] = [];
  packets = 0;

  constructor(what: string, trace: string, design: string) {
    const command = `${PROGRAM} ${trace} ${design}`;
    this.row = {
      what: `${what}, ${design}`,
      command,
      seconds: [],
      cpuSeconds: null,
      peakBytes: null,
      amount: 0,
    };
  }

  measure(): void {
    const cost = runCommand(this.row.command);
    const printed = JSON.parse(cost.stdout) as Printed;
    const { row, cpu } = this;
    row.seconds.push(printed.seconds);
    cpu.push(printed.cpuSeconds);
    row.cpuSeconds = median(cpu);
    row.amount = printed.connections;
    row.peakBytes = Math.max(row.peakBytes ?? 0, cost.peakBytes ?? 0);
    this.packets = printed.packets;
  }

  /** Of a second of one processor: what others take of a shared machine is not ours. */
  get connectionRate(): number {
    return this.row.amount / median(this.cpu);
  }

  get packetRate(): number {
    return this.packets / median(this.cpu);
  }
}

export const emulation: Bench = {
  name: "emulation",
  about:
    "the stack engine: the sample and 60,000 generated connections (--size), with and without pin",

  async run({ runs, size, progress }) {
    const many = size ?? 60_000;
    mkdirSync(FOLDER, { recursive: true });
    const generated = (count: number): string => {
      const file = `${FOLDER}/emulation-${count}.flows`;
      progress(`generating ${count} connections`);
      runCommand(`node dist/anypin/main.js generate --connections ${count} --out ${file} --quiet`);
      return file;
    };
    const few = Math.ceil(many / 6);
    const whole = generated(many);
    const subjects = [
      ...DESIGNS.map((design) => new Subject("the sample", SAMPLE, design)),
      ...DESIGNS.map((design) => new Subject(`${many} generated`, whole, design)),
      new Subject(`${few} generated`, generated(few), "plain"),
    ];
    for (let run = 0; run < runs; run++) {
      for (const subject of subjects) {
        progress(`run ${run + 1} of ${runs}: ${subject.row.what}`);
        subject.measure();
      }
    }
    const [, , , plain, receive, transmit, small] = subjects;
    const slower = ({ cpu }: Subject) => median(cpu) / median(plain.cpu);
    return {
      work: `the sample, and ${many} connections of 'anypin generate' with ${plain.packets} packets; 8 servers, hash dispatch`,
      unit: "connections",
      rows: subjects.map(({ row }) => row),
      beside: plain.row.what,
      claims: [
        {
          text: "connections a second of processor time, plain",
          measured: plain.connectionRate,
          wanted: 20_000,
          side: "at least",
        },
        {
          text: "packets a second of processor time, plain",
          measured: plain.packetRate,
          wanted: 300_000,
          side: "at least",
        },
        {
          text: "connection rate with six times the connections, of the rate with few",
          measured: plain.connectionRate / small.connectionRate,
          wanted: 0.9,
          side: "at least",
        },
        {
          text: "processor time with the receive-path pin, of the time without",
          measured: slower(receive),
          wanted: 1.25,
          side: "at most",
        },
        {
          text: "processor time with the transmit-path pin, of the time without",
          measured: slower(transmit),
          wanted: 1.25,
          side: "at most",
        },
        {
          text: "largest resident memory with six times the connections, of that with few",
          measured: (plain.row.peakBytes ?? 0) / (small.row.peakBytes || 1),
          wanted: 1.5,
          side: "at most",
        },
      ],
      skipped: [],
    };
  },
};
