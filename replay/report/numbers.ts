/** Numbers as people read them. */

/** `12.3 %` of 0.123; three digits where they mean something. */
export function percent(share: number): string {
  const value = 100 * share;
  if (value === 0) return "0 %";
  if (value >= 99.95) return `${whole(value)} %`;
  return `${value.toFixed(value < 0.095 ? 2 : 1)} %`;
}

/** `12,345`. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A mean of counts, `0.3` or `12,345`: of few things there are digits behind the point. */
export const mean = (value: number): string =>
  value < 10 ? String(Number(value.toPrecision(2))) : whole(value);

/** `1 packet`, `12,345 packets`. */
export function counted(value: number, what: string): string {
  return `${whole(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** `1.2 GB`: powers of 1000, as networks count. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit > 0 && scaled < 99.95 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

/** `4.2 s`, `3 min 07 s`, `26 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Number((1000 * seconds).toPrecision(3))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const pad = (n: number) => String(n).padStart(2, "0");
  const s = Math.round(seconds);
  if (s < 3600) return `${Math.floor(s / 60)} min ${pad(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${pad(Math.floor((s % 3600) / 60))} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** A bar of eighths of a cell, `cells` long for a share of 1. */
export function bar(share: number, cells: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * cells * 8);
  const rest = " ▏▎▍▌▋▊▉"[eighths % 8];
  return `${"█".repeat(Math.floor(eighths / 8))}${rest === " " ? "" : rest}`;
}
