/** The same transfers with nothing lost, some packets lost, and packets late and doubled. */
import { SECOND } from "../../../stack/clock.ts";
import { testRandom } from "../../support/random.ts";
import { Capture, expertReport } from "./capture.ts";
import { VARIANTS } from "./hosts.ts";
import { Lab } from "./lab.ts";
import { addLoss, kernelCounters, lost, openConnections } from "./loss.ts";
import { type Disturbance, summarize, unexplained } from "./report.ts";
import { MOST, plan, runAll } from "./transfers.ts";

export interface Condition {
  name: string;
  /** Per cent of packets dropped, each way. */
  loss: number;
  /** Per cent of packets delayed past others, and doubled. */
  reorder: number;
  duplicate: number;
}

export const CONDITIONS: readonly Condition[] = [
  { name: "no loss", loss: 0, reorder: 0, duplicate: 0 },
  { name: "2 % loss", loss: 2, reorder: 0, duplicate: 0 },
  { name: "10 % loss", loss: 10, reorder: 0, duplicate: 0 },
  { name: "reordering and duplication", loss: 0, reorder: 5, duplicate: 2 },
  { name: "2 % loss, reordering and duplication", loss: 2, reorder: 5, duplicate: 2 },
];

/** Transfers that run at the same time. */
const WIDTH = 12;

/** Counters of Linux that stay 0 when every connection closes in good order. */
const NEVER = [
  "TcpInCsumErrors",
  "IpInHdrErrors",
  "TcpExtTCPAbortOnData",
  "TcpExtTCPAbortOnClose",
  "TcpExtTCPAbortOnTimeout",
  "TcpExtTCPAbortOnMemory",
  "TcpExtTCPAbortOnLinger",
  "TcpExtTCPAbortFailed",
];

/** Runs `count` transfers; prints what happened; what was wrong, one line each. */
export async function runCondition(
  condition: Condition,
  count: number,
  seed: number,
  folder: string,
): Promise<string[]> {
  const { reorder, duplicate, loss } = condition;
  const disorder = reorder + duplicate > 0 ? { seed, reorder, duplicate } : undefined;
  const lab = new Lab();
  const path = `${folder}/${condition.name.replace(/\W+/g, "-")}.pcap`;
  try {
    await lab.open(disorder);
    // A machine that is busy is not to be taken for a network that loses packets.
    const patient = loss === 0 && !disorder;
    if (patient) {
      lab.trySysctl("net.ipv4.tcp_early_retrans=0");
      lab.trySysctl("net.ipv4.tcp_rto_min_us=1000000");
    }
    Object.entries(VARIANTS).forEach(([name, tcp], i) => {
      // Where FINs are lost, TIME-WAIT has to last until they have been sent again.
      const more = patient ? { rtoMin: SECOND } : { msl: 3 * SECOND };
      lab.add({ name, number: 2 + i, seed, tcp: { ...tcp, ...more } });
    });
    if (loss > 0) addLoss(lab.namespaces, loss);
    const capture = await Capture.begin(lab.namespaces.nameOf("linux"), "lx0", path);
    const began = performance.now();
    const transfers = plan(count, lab.hosts, lab.congestion, testRandom(seed));
    const wrong = await runAll(lab.peer, transfers, WIDTH);
    const seconds = (performance.now() - began) / 1000;
    wrong.push(...(await leftovers(lab)));
    const missed = await capture.end();
    if (missed > 0) wrong.push(`tcpdump missed ${missed} packets`);
    const disturbance = await disturbances(lab, loss);
    const lostByWire = await lab.closeWire();
    if (lostByWire !== "") wrong.push(lostByWire);
    const remarks = expertReport(path);
    wrong.push(...unexplained(path, remarks, disturbance));
    const bytes = transfers.reduce((sum, { ours, linux }) => sum + ours.send + linux.send, 0);
    process.stdout.write(
      `${condition.name}: ${count} transfers, ${bytes} bytes (1 to ${MOST} each), ` +
        `${seconds.toFixed(1)} s; lost ${disturbance.lost}, delayed ${disturbance.delayed}, ` +
        `doubled ${disturbance.doubled} of ${lab.wire.sent + lab.wire.received} packets\n` +
        `  tshark: ${summarize(remarks)}\n`,
    );
    return wrong;
  } finally {
    await lab.close();
  }
}

async function disturbances(lab: Lab, loss: number): Promise<Disturbance> {
  const forwarded = await lab.closeForwarder();
  return {
    lost: loss > 0 ? lost(lab.namespaces) : 0,
    delayed: forwarded?.delayed ?? 0,
    doubled: forwarded?.doubled ?? 0,
  };
}

/** Waits for our TIME-WAITs to end; then what is left on either side that should not be. */
async function leftovers(lab: Lab): Promise<string[]> {
  const wrong: string[] = [];
  if (!(await lab.quiet(40_000))) {
    const live = lab.hosts.filter(({ tcp }) => tcp.live > 0);
    wrong.push(...live.map(({ name, tcp }) => `host ${name} keeps ${tcp.live} control blocks`));
  }
  if (lab.pool.outstanding > 0) wrong.push(`${lab.pool.outstanding} buffers are not given back`);
  if (lab.clock.pending > 0) wrong.push(`${lab.clock.pending} timers are armed`);
  const counters = kernelCounters(lab.namespaces);
  for (const name of NEVER) {
    const count = counters.get(name) ?? 0;
    if (count > 0) wrong.push(`Linux counts ${name} ${count}`);
  }
  wrong.push(...openConnections(lab.namespaces).map((line) => `Linux keeps ${line}`));
  return wrong;
}
