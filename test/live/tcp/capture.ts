/** Captures by tcpdump, and what tshark's experts say of them. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { ended, start } from "./child.ts";
import { run, SetupError } from "./namespaces.ts";

/** One line of tshark's expert report. */
export interface Remark {
  /** Error, Warn, Note or Chat. */
  severity: string;
  group: string;
  summary: string;
  count: number;
}

export class Capture {
  readonly path: string;
  private readonly child: ChildProcessWithoutNullStreams;
  private said = "";

  private constructor(namespace: string, device: string, path: string) {
    this.path = path;
    const buffer = ["-B", "131072", "-s", "0", "-n", "-U"];
    this.child = start(namespace, "tcpdump", ["-i", device, ...buffer, "-Z", "root", "-w", path]);
    this.child.stderr.on("data", (data: Buffer) => {
      this.said += data.toString();
    });
  }

  /** Captures everything on `device` into `path`; resolves when it has begun. */
  static async begin(namespace: string, device: string, path: string): Promise<Capture> {
    const made = new Capture(namespace, device, path);
    const late = setTimeout(() => made.child.kill("SIGKILL"), 10_000);
    while (!made.said.includes("listening on")) {
      if (made.child.exitCode !== null) throw new SetupError(`tcpdump: ${made.said}`);
      await Promise.race([once(made.child.stderr, "data"), once(made.child, "exit")]);
    }
    clearTimeout(late);
    return made;
  }

  /** Ends it; the packets that tcpdump missed. */
  async end(): Promise<number> {
    // libpcap hands a block of packets on when it is full or a second old.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    this.child.kill("SIGINT");
    await ended(this.child);
    return Number(/(\d+) packets? dropped by kernel/.exec(this.said)?.[1] ?? Number.NaN);
  }
}

const CHECKSUMS = [
  ...["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"],
  ...["-o", "tcp.desegment_tcp_streams:FALSE"],
];

/** Whose remarks count: random bytes look like this and that to the dissectors above. */
const LAYERS = /^(Ethernet|IPv4|IPv6|ICMP|ICMPv6|TCP)$/;

/** The expert report on a capture (`tshark -z expert`) up to TCP, checksums verified. */
export function expertReport(path: string, filter = ""): Remark[] {
  const report = run("tshark", ["-r", path, "-q", ...CHECKSUMS, "-z", `expert,${filter}`]);
  const remarks: Remark[] = [];
  let severity = "";
  for (const line of report.split("\n")) {
    const title = /^(Error|Warn|Note|Chat)s? \(/.exec(line);
    if (title) severity = title[1];
    const found = /^\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!found || severity === "") continue;
    const [, count, group, protocol, text] = found;
    if (!LAYERS.test(protocol)) continue;
    const summary = text.trim().replace(/: server port \d+$/, "");
    const same = remarks.find((each) => each.severity === severity && each.summary === summary);
    if (same) same.count += Number(count);
    else remarks.push({ severity, group, summary, count: Number(count) });
  }
  return remarks;
}

/** Fields of the packets that `filter` lets through, one row for each. */
export function fields(path: string, filter: string, names: readonly string[]): string[][] {
  const wanted = names.flatMap((name) => ["-e", name]);
  const text = run("tshark", ["-r", path, "-n", "-Y", filter, "-T", "fields", ...wanted]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t"));
}
