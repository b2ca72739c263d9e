/**
 * Captures of the virtual network as tshark reads them: `npm run live:emulation`. Without loss it
 * must find no malformed packet, no retransmission, no lost segment and no wrong checksum. Ends with
 * `N passed, N failed`; without tshark it says so and ends with 0.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DESIGNS } from "../../../replay/designs/index.ts";
import { programPath } from "../../support/cli.ts";
import { announceSkip, projectPath } from "../../support/project.ts";

/** What must not be there. Status 0 of a checksum is "bad". */
const DAMAGE = [
  "_ws.malformed",
  "tcp.checksum.status == 0",
  "ip.checksum.status == 0",
  "udp.checksum.status == 0",
];

const LOSS = [
  "tcp.analysis.retransmission",
  "tcp.analysis.fast_retransmission",
  "tcp.analysis.spurious_retransmission",
  "tcp.analysis.lost_segment",
  "tcp.analysis.ack_lost_segment",
  "tcp.analysis.out_of_order",
  "tcp.analysis.duplicate_ack",
];

/**
 * Here the SYN goes to one address and the SYN-ACK comes from another: tshark takes them for two
 * conversations, each with half a handshake, and its analysis of losses means nothing.
 */
const TWO_ADDRESSES = ["rfc1546", "source-identification"];

const CHECKED = ["ip.check_checksum", "tcp.check_checksum", "udp.check_checksum"];

function run(program: string, args: readonly string[]): string {
  const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

function wrongPackets(file: string, wrong: readonly string[]): string {
  const preferences = CHECKED.flatMap((name) => ["-o", `${name}:TRUE`]);
  const filter = wrong.join(" || ");
  const fields = ["-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info"];
  return run("tshark", ["-r", file, ...preferences, "-Y", filter, ...fields]).trim();
}

function main(): number {
  if (spawnSync("tshark", ["--version"]).status !== 0) {
    announceSkip("reading the virtual network's captures with tshark", "tshark is missing");
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "anypin-tshark-"));
  let failed = 0;
  try {
    for (const { name } of DESIGNS) {
      const file = join(folder, `${name}.pcap`);
      const sample = projectPath("samples/web.pcap.gz");
      const what = ["replay", sample, "--engine", "stack", "--policy", "hash", "--design", name];
      run(process.execPath, [programPath, ...what, "--write", file, "--quiet"]);
      const sought = TWO_ADDRESSES.includes(name) ? DAMAGE : [...DAMAGE, ...LOSS];
      const wrong = wrongPackets(file, sought);
      if (wrong !== "") failed++;
      const found =
        wrong === "" ? "nothing wrong" : `\n${wrong.split("\n").slice(0, 20).join("\n")}`;
      process.stdout.write(`${name}: ${found}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${DESIGNS.length - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = main();
