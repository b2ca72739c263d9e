/** The whole command against what a Linux host was recorded to do: one capture, one world, 1,500 packets. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PacketReport, ReportedVerdict } from "../../../replay/check/report.ts";
import { pcapBytes } from "../../support/capture-builder.ts";
import { runHere } from "../../support/cli.ts";
import { hexBytes } from "../../support/ipv6-packet.ts";
import type { Outcome } from "../../support/kernel-outcome.ts";
import { haveShared, sharedPath } from "../../support/project.ts";
import { LINUX_HOST } from "../../support/worlds.ts";

const RECORDING = "kernel/linux-6.18-options.jsonl";

interface Recorded {
  id: number;
  packet: string;
  options: string;
  result: Outcome[];
}

/** The recorded outcome in the words of a verdict. */
function recorded({ result: [only] }: Recorded): ReportedVerdict {
  if (only === undefined) return { action: "drop" };
  const { kind, type = 0, code = 0, pointer, dst, recvopts, retopts, port, packet = "" } = only;
  if (kind === "icmp") {
    return {
      action: "icmp",
      icmp: type === 12 ? { type, code, pointer: pointer ?? -1 } : { type, code },
    };
  }
  if (kind === "delivered") {
    return {
      action: "accept",
      destination: dst ?? "",
      options: recvopts ?? "",
      replyOptions: retopts ?? "",
    };
  }
  const length = Number.parseInt(packet.slice(1, 2), 16) * 4 * 2;
  return { action: "forward", dev: port ?? "", header: packet.slice(0, length) };
}

const bare = ({ reason: _, ...verdict }: ReportedVerdict): ReportedVerdict => verdict;

if (haveShared(RECORDING, "the command against the recorded kernel")) {
  test("profile linux says of every recorded packet what the kernel did with it", async () => {
    const rows: Recorded[] = readFileSync(sharedPath(RECORDING), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const folder = mkdtempSync(join(tmpdir(), "anypin-kernel-"));
    const world = join(folder, "world.json");
    const capture = join(folder, "recorded.pcap");
    writeFileSync(world, JSON.stringify(LINUX_HOST));
    const records = rows.map(({ packet }, i) => ({
      seconds: i,
      fraction: 0,
      data: hexBytes(packet),
    }));
    writeFileSync(capture, pcapBytes(records, { linkType: 101 }));
    const { out } = await runHere(["check", "--json", "--all", "--world", world, capture]);
    const reports: PacketReport[] = out
      .trimEnd()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    assert.is(reports.length, rows.length);
    const wrong: string[] = [];
    for (const [i, row] of rows.entries()) {
      const { verdicts, options } = reports[i];
      const verdict = bare(verdicts.linux);
      const expected = recorded(row);
      // The clock of the recording stands in its timestamps, and in the sums over them.
      const timed = options.some(({ type }) => type === 68);
      const clocked = timed && (verdict.action === "accept" || verdict.action === "forward");
      const same = clocked
        ? verdict.action === expected.action
        : JSON.stringify(verdict) === JSON.stringify(expected);
      if (!same) wrong.push(`${row.id}: ${JSON.stringify(expected)} / ${JSON.stringify(verdict)}`);
    }
    assert.equal(wrong, []);
  });
}

test.run();
