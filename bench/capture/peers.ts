/** Other programs that read captures, each as a command that lists or copies what ours does. */
import { haveProgram, type Subject } from "../measure.ts";

/** Those installed here, and a line for each that is not. */
export function peers(file: string, packets: number): { subjects: Subject[]; skipped: string[] } {
  const all: (Subject & { needs: string[] })[] = [
    {
      what: "tcpdump",
      needs: ["tcpdump"],
      amount: packets,
      command: `tcpdump -r ${file} -w /dev/null`,
    },
    {
      what: "pcap-parser",
      needs: ["node"],
      amount: packets,
      command: `node dist/bench/capture/read-with-pcap-parser.js ${file}`,
      atMost: 3,
    },
    {
      what: "argus",
      needs: ["argus", "racluster"],
      amount: packets,
      // racluster merges argus's reports of one connection; it reads a file or a pipe.
      command: `argus -r ${file} -w - | racluster -r - -n -c , -s stime dur saddr sport daddr dport sbytes dbytes`,
      atMost: 3,
    },
    {
      what: "tshark",
      needs: ["tshark"],
      amount: packets,
      command: `tshark -r ${file} -q -z conv,tcp`,
      atMost: 1,
    },
  ];
  const missing = (needs: string[]) => needs.filter((program) => !haveProgram(program));
  return {
    subjects: all.filter(({ needs }) => missing(needs).length === 0),
    skipped: all
      .filter(({ needs }) => missing(needs).length > 0)
      .map(({ what, needs }) => `${what}: ${missing(needs).join(", ")} not installed`),
  };
}
