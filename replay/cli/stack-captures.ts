/** Captures of the virtual network: `--write FILE` and `--tap POINT=FILE`. */
import { closeSync, openSync } from "node:fs";
import { parse as parsePath } from "node:path";
import type { Mbuf } from "../../stack/mbuf.ts";
import { createPcapFile, type PcapFile } from "../../traces/pcap-writer.ts";
import type { Comparison } from "../emulation/comparison.ts";
import { attachTap, TAP_POINTS } from "../emulation/wiring/tap-points.ts";
import type { Tap } from "../network/tap.ts";
import { UsageError } from "./command.ts";

/** LINKTYPE_RAW: packets begin with their IP header. */
const LINKTYPE_RAW = 101;

/** A capture that is begun with its first packet, when it is known what times count from. */
class CaptureFile implements Tap {
  private readonly path: string;
  private readonly origin: () => bigint;
  private file: PcapFile | null = null;

  constructor(path: string, origin: () => bigint) {
    this.path = path;
    this.origin = origin;
    // A place that cannot be written to is better known before the run than after it.
    closeSync(openSync(path, "w"));
  }

  take(now: number, m: Mbuf): void {
    this.begun().writer.write(now, m.bytes, m.off, m.len);
  }

  close(): void {
    this.begun().close();
  }

  private begun(): PcapFile {
    this.file ??= createPcapFile(this.path, { linkType: LINKTYPE_RAW, origin: this.origin() });
    return this.file;
  }
}

/** `FILE` of the first run, `FILE-DESIGN-POLICY-CLIENT` with its extension of all others. */
function pathOf(path: string, comparison: Comparison, index: number): string {
  if (index === 0) return path;
  const { design, policy, client } = comparison.runs[index];
  const { dir, name, ext } = parsePath(path);
  const label = [design, policy, client.label].join("-").replace(/[^\w.-]+/g, "_");
  return `${dir === "" ? "" : `${dir}/`}${name}-${label}${ext}`;
}

/**
 * Puts taps into every run. Returns what closes the files once the runs are over.
 * @throws {UsageError} when there is no such point
 */
export function captureRuns(
  comparison: Comparison,
  wanted: readonly { point: string; path: string }[],
  origin: () => bigint,
): () => void {
  const files: CaptureFile[] = [];
  for (const { point, path } of wanted) {
    comparison.runs.forEach(({ emulation }, index) => {
      const file = new CaptureFile(pathOf(path, comparison, index), origin);
      files.push(file);
      if (attachTap(emulation.network, point, file)) return;
      throw new UsageError(`--tap: expected ${TAP_POINTS.join(", ")}; found "${point}"`);
    });
  }
  return () => {
    for (const file of files) file.close();
  };
}
