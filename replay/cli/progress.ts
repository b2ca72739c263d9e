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
  /** Tells how much is done: bytes of the input, as a rule. Cheap: may be called per batch. */
  update(done: number): void;
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

/** What is counted, and how an amount of it is written. */
export type Unit = (amount: number) => string;

/** Things that are counted one by one: `12,345 connections`. */
export const countOf =
  (what: string): Unit =>
  (amount) =>
    `${Math.round(amount).toLocaleString("en-US")} ${what}`;

/** One line of progress; `total` is null when the length is unknown (a pipe). */
function progressLine(
  label: string,
  done: number,
  total: number | null,
  elapsedMs: number,
  unit: Unit,
): string {
  const rate = (1000 * done) / Math.max(1, elapsedMs);
  const speed = `${unit(rate)}/s`;
  if (total === null || total === 0) return `${label} ${unit(done)}  ${speed}`;
  const share = Math.min(1, done / total);
  const full = Math.round(share * BAR_CELLS);
  const bar = "█".repeat(full) + "░".repeat(BAR_CELLS - full);
  const left = rate > 0 ? `${humanSeconds((total - done) / rate)} left` : "";
  return `${label} ${bar} ${Math.floor(100 * share)} %  ${speed}  ${left}`;
}

/** Starts progress over `total` bytes, or of another unit. `now` gives milliseconds from any origin. */
export function startProgress(
  terminal: Terminal,
  label: string,
  total: number | null,
  now: () => number = () => performance.now(),
  unit: Unit = humanBytes,
): Progress {
  if (!terminal.interactive) return { update() {}, done() {} };
  const began = now();
  let next = began + FIRST_MS;
  let drawn = false;
  return {
    update(done) {
      const at = now();
      if (at < next) return;
      next = at + EVERY_MS;
      drawn = true;
      terminal.err(`${ERASE_LINE}${progressLine(label, done, total, at - began, unit)}`);
    },
    done() {
      if (drawn) terminal.err(ERASE_LINE);
      drawn = false;
    },
  };
}
