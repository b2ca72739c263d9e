/** Captures of the virtual network: `--write FILE` and `--tap POINT=FILE`. */
import { closeSync, openSync } from "node:fs";
import { parse as parsePath } from "node:path";
import type { Mbuf } from "../../stack/mbuf.ts";
import { createPcapFile, type PcapFile } from "../../traces/pcap-writer.ts";
import type { Comparison } from "../emulation/comparison.ts";
import { attachTap, TAP_POINTS } from "../emulation/wiring/tap-points.ts";
import type { Tap } from "../network/tap.ts";
import { UsageError } from "./command.ts";
import { distinctOutputs } from "./outputs.ts";
import type { TapOption } from "./stack-options.ts";

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
  }

  /** Makes the file: a place that cannot be written to is better known before the run than after it. */
  create(): void {
    closeSync(openSync(this.path, "w"));
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

export interface Captures {
  /** Which run is in which file, a line each; none where a file's name says it all. */
  notes: readonly string[];
  close(): void;
}

/**
 * Puts taps into every run, each with a file of its own. No file is touched before all is known to be
 * right; `inputs` are files that must not be.
 * @throws {UsageError} when there is no such point, or two captures or an input would share a file
 */
export function captureRuns(
  comparison: Comparison,
  wanted: readonly TapOption[],
  origin: () => bigint,
  inputs: readonly string[],
): Captures {
  const { runs } = comparison;
  const plans = wanted.flatMap(({ option, point, path }) =>
    runs.map((run, index) => ({ option, point, run, path: pathOf(path, comparison, index) })),
  );
  distinctOutputs(
    inputs,
    plans.map(({ option, path }) => [option, path]),
  );
  const files = plans.map(({ point, path, run }) => {
    const file = new CaptureFile(path, origin);
    if (attachTap(run.emulation.network, point, file)) return file;
    const last = run.emulation.network.serverLinks.length;
    const known = TAP_POINTS.map((name) => name.replace("N", `1…${last}`));
    throw new UsageError(`--tap: expected ${known.join(", ")}; found "${point}"`);
  });
  for (const file of files) file.create();
  const notes = plans.map(
    ({ path, point, run: { design, policy, client } }) =>
      `${path}: ${point} under ${design}, ${policy}, ${client.label}`,
  );
  return {
    notes: runs.length > 1 ? notes : [],
    close() {
      for (const file of files) file.close();
    },
  };
}
