/** How a result came about, so that it can be checked and made again. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { describeDamage } from "../../traces/errors.ts";
import type { Provenance } from "../report/html/run.ts";
import { VERSION } from "../version.ts";
import type { OptionValues } from "./command.ts";
import type { TraceInput } from "./trace-input.ts";

/** A word as a POSIX shell takes it back. */
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** The command line, options first. */
export function commandLine(
  name: string,
  operands: readonly string[],
  options: OptionValues,
): string {
  const words = Object.entries(options).flatMap(([option, value]) => {
    if (value === undefined) return [];
    const values = Array.isArray(value) ? (value as readonly string[]) : [value];
    return values.flatMap((each) => (each === true ? [`--${option}`] : [`--${option}`, `${each}`]));
  });
  return ["anypin", name, ...words, ...operands].map(shellWord).join(" ");
}

/** Of an input that has been read: versions, hashes of the files, damage. */
export async function provenanceOf(
  command: string,
  names: readonly string[],
  input: Pick<TraceInput, "damage" | "notes">,
): Promise<Provenance> {
  const files: Provenance["files"][number][] = [];
  for (const name of names) files.push(await fileFacts(name));
  const { shown, count } = input.damage();
  const damage = [...(input.notes?.() ?? []), ...shown.map(describeDamage)];
  if (count > shown.length) damage.push(`and ${count - shown.length} more such places`);
  return { command, versions: [`anypin ${VERSION}`, `Node.js ${process.version}`], files, damage };
}

/** Size and SHA-256 of a file; of what is none, a pipe say, only the name. */
export async function fileFacts(name: string): Promise<Provenance["files"][number]> {
  const file = name === "-" ? null : statSync(name, { throwIfNoEntry: false });
  if (!file?.isFile()) return { name, bytes: null, sha256: null };
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(name, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return { name, bytes: file.size, sha256: hash.digest("hex") };
}
