/** A script's text in, a verdict out. */
import { DrillFailure, Unsupported } from "./model.ts";
import { parseScript } from "./parse-script.ts";
import { type RunOptions, runScript } from "./run-script.ts";

export interface Verdict {
  kind: "ok" | "failed" | "unsupported";
  line: number;
  /** What differs, or the construct that is not supported. */
  message: string;
  /** What was passed over. */
  notes: string[];
}

/** Runs the script `text`. Only defects of the stack or the runner throw. */
export function drill(text: string, options: RunOptions = {}): Verdict {
  try {
    const notes = runScript(parseScript(text), options);
    return { kind: "ok", line: 0, message: "", notes };
  } catch (error) {
    if (error instanceof Unsupported) {
      return { kind: "unsupported", line: error.line, message: error.construct, notes: [] };
    }
    if (!(error instanceof DrillFailure)) throw error;
    return { kind: "failed", line: error.line, message: error.message, notes: [] };
  }
}
