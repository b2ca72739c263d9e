/**
 * A progress bar on stderr: drawn only where it can be redrawn, only for work that lasts over a
 * second, and fed by bytes read, since those are known before packets or connections are.
 */
import type { Terminal } from "./command.ts";

const FIRST_MS = 1000;
const EVERY_MS = 100;
const BAR_CELLS = 24;
const ERASE_LINE = "\r\u001b[K";

export interface Progress {
  /** Tells how many bytes of the input have been read. Cheap: may be called per batch. */
  update(bytes: number): void;
  /** Takes the bar away, before anything else is printed. */
  done(): void;
}

/** Bytes in the unit a person would choose: `1.2 GB`. */
export function humanBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `42 s`, `3:07`, `1:02:45`. */
export function humanSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const pad = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/** One line of progress; `total` is null when the length is unknown (a pipe). */
function progressLine(
  label: string,
  bytes: number,
  total: number | null,
  elapsedMs: number,
): string {
  const rate = (1000 * bytes) / Math.max(1, elapsedMs);
  const speed = `${humanBytes(rate)}/s`;
  if (total === null || total === 0) return `${label} ${humanBytes(bytes)}  ${speed}`;
  const share = Math.min(1, bytes / total);
  const full = Math.round(share * BAR_CELLS);
  const bar = "█".repeat(full) + "░".repeat(BAR_CELLS - full);
  const left = rate > 0 ? `${humanSeconds((total - bytes) / rate)} left` : "";
  return `${label} ${bar} ${Math.floor(100 * share)} %  ${speed}  ${left}`;
}

/** Starts progress over `total` bytes. `now` gives milliseconds from any origin. */
export function startProgress(
  terminal: Terminal,
  label: string,
  total: number | null,
  now: () => number = () => performance.now(),
): Progress {
  if (!terminal.interactive) return { update() {}, done() {} };
  const began = now();
  let next = began + FIRST_MS;
  let drawn = false;
  return {
    update(bytes) {
      const at = now();
      if (at < next) return;
      next = at + EVERY_MS;
      drawn = true;
      terminal.err(`${ERASE_LINE}${progressLine(label, bytes, total, at - began)}`);
    },
    done() {
      if (drawn) terminal.err(ERASE_LINE);
      drawn = false;
    },
  };
}
