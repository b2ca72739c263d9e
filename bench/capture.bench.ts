/** A capture of millions of packets, from walking its records to whole commands, beside other tools. */
import type { Bench, Report } from "./bench.ts";
import { peers } from "./capture/peers.ts";
import { httpCapture } from "./make-http-capture.ts";
import { measureCommands } from "./measure.ts";

const PACKETS = 5_000_000;

export const capture: Bench = {
  name: "capture",
  about:
    "an HTTP capture of 5 million packets (--size), beside tcpdump, argus, tshark, pcap-parser",

  async run({ runs, size, progress }): Promise<Report> {
    const packets = size ?? PACKETS;
    const file = httpCapture(packets);
    const { subjects, skipped } = peers(file, packets);
    const rows = measureCommands(subjects, runs, progress);
    return {
      work: `${packets} packets`,
      unit: "packets",
      rows,
      beside: "tcpdump",
      claims: [],
      skipped,
    };
  },
};
