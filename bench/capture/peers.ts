/** Other programs that read captures, each as a command that lists or copies what ours does. */
import { haveProgram, type Subject } from "../measure.ts";

interface Peer {
  what: string;
  needs: string[];
  command: string;
  /** Runs at most; for those that take long. */
  atMost?: number;
  /** Its memory grows with the capture. */
  hungry?: boolean;
}

const peersOf = (file: string): Peer[] => [
  { what: "tcpdump", needs: ["tcpdump"], command: `tcpdump -r ${file} -w /dev/null` },
  {
    what: "pcap-parser",
    needs: ["node"],
    command: `node dist/bench/capture/read-with-pcap-parser.js ${file} >/dev/null`,
    atMost: 3,
    hungry: true,
  },
  {
    what: "argus",
    needs: ["argus", "racluster"],
    // racluster merges argus's reports of one connection.
    command: `argus -r ${file} -w - | racluster -r - -n -c , -s stime dur saddr sport daddr dport sbytes dbytes >/dev/null`,
    atMost: 3,
    hungry: true,
  },
  {
    what: "tshark",
    needs: ["tshark"],
    command: `tshark -r ${file} -q -z conv,tcp >/dev/null`,
    atMost: 1,
    hungry: true,
  },
];

/** Those installed here, and a line for each that is not, or that the capture is too large for. */
export function peers(
  file: string,
  packets: number,
  hungryToo: boolean,
): { subjects: Subject[]; skipped: string[] } {
  const subjects: Subject[] = [];
  const skipped: string[] = [];
  for (const { what, needs, command, atMost, hungry } of peersOf(file)) {
    const missing = needs.filter((program) => !haveProgram(program));
    if (missing.length > 0) skipped.push(`${what}: ${missing.join(", ")} not installed`);
    else if (hungry && !hungryToo) skipped.push(`${what}: would hold the whole capture in memory`);
    else subjects.push({ what, command, amount: packets, ...(atMost ? { atMost } : {}) });
  }
  return { subjects, skipped };
}
