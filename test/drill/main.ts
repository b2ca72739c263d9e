/**
 * `npm run drill -- [--strict] [--verbose] FILE…`: runs packetdrill scripts against the stack. Says of
 * each `ok`, `FAILED` with line, expected and found, or `UNSUPPORTED` with line and construct; a
 * folder means all scripts in it. What was passed over is noted at the end, with --verbose at each
 * script as well. Exit status 0 when all pass, 1 when not, 2 for a wrong command line.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { drill, type Verdict } from "./drill.ts";

function scriptsOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".pkt"))
    .sort()
    .map((name) => `${path}/${name}`);
}

function read(path: string, strict: boolean): Verdict {
  try {
    return drill(readFileSync(path, "utf8"), { strict });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: "failed", line: 0, message: why, notes: [] };
  }
}

function main(args: readonly string[]): number {
  const isFlag = (arg: string) => arg === "--strict" || arg === "--verbose";
  const flags = args.filter(isFlag);
  const paths = args.filter((arg) => !isFlag(arg));
  const unknown = paths.find((path) => path.startsWith("--"));
  if (paths.length === 0 || unknown) {
    process.stderr.write(`usage: drill [--strict] [--verbose] FILE…\n`);
    if (unknown) process.stderr.write(`drill: unknown option ${unknown}\n`);
    return 2;
  }
  const counts = { ok: 0, failed: 0, unsupported: 0 };
  let files: string[];
  try {
    files = paths.flatMap(scriptsOf);
  } catch (error) {
    process.stderr.write(`drill: ${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const notes = new Map<string, number>();
  for (const file of files) {
    const verdict = read(file, flags.includes("--strict"));
    counts[verdict.kind]++;
    process.stdout.write(describe(file, verdict));
    for (const note of new Set(verdict.notes)) {
      notes.set(note, (notes.get(note) ?? 0) + 1);
      if (flags.includes("--verbose")) process.stdout.write(`    note: ${note}\n`);
    }
  }
  for (const [note, scripts] of notes) {
    process.stdout.write(`note: ${note} (${scripts} script${scripts === 1 ? "" : "s"})\n`);
  }
  const { ok, failed, unsupported } = counts;
  process.stdout.write(`${ok} passed, ${failed} failed, ${unsupported} unsupported\n`);
  return failed + unsupported > 0 || ok === 0 ? 1 : 0;
}

function describe(file: string, verdict: Verdict): string {
  if (verdict.kind === "ok") return `ok          ${file}\n`;
  const where = verdict.line > 0 ? `${file}:${verdict.line}` : file;
  if (verdict.kind === "unsupported") return `UNSUPPORTED ${where}: ${verdict.message}\n`;
  return `FAILED      ${where}: ${verdict.message}\n`;
}

process.exitCode = main(process.argv.slice(2));
