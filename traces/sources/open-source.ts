/** From a name on the command line to bytes: files, pipes, standard input, compressed or not. */
import { closeSync, createReadStream, fstatSync, openSync } from "node:fs";
import { TraceError } from "../errors.ts";
import { FileSource } from "./file-source.ts";
import { type ByteSource, PeekedSource } from "./source.ts";
import { StreamSource } from "./stream-source.ts";

/** What the system says when a name cannot be opened, in words. */
const OPEN_ERRORS: Record<string, string> = {
  ENOENT: "no such file",
  EACCES: "a file that may not be read (permission denied)",
  ENOTDIR: "no such file (a part of its path is not a directory)",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENAMETOOLONG: "a name too long for any file",
};

const refuse = (file: string, expected: string, found: string): TraceError =>
  new TraceError({ file, offset: 0, packet: 1, expected, found, skipped: null });

/**
 * Opens `name` (`-` for standard input) as it lies there.
 * @throws {TraceError} when there is no such file, it may not be read, or it is a directory
 */
function openRaw(name: string, signal?: AbortSignal): ByteSource {
  let descriptor = 0;
  if (name !== "-") {
    try {
      descriptor = openSync(name, "r");
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      throw refuse(name, "a capture", OPEN_ERRORS[code] ?? message);
    }
  }
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) {
    closeSync(descriptor);
    throw refuse(name, "a capture", "a directory");
  }
  if (stat.isFile()) return new FileSource(descriptor, stat.size);
  const stream =
    name === "-"
      ? process.stdin
      : createReadStream("", { fd: descriptor, highWaterMark: 256 * 1024 });
  return new StreamSource(stream, signal);
}

/** Compressions by their first bytes, and what undoes them: zlib, or a program. */
const COMPRESSIONS: readonly { magic: readonly number[]; program: string | null }[] = [
  { magic: [0x1f, 0x8b], program: null },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], program: "zstd" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], program: "xz" },
];

/**
 * Opens `name` (`-` for standard input) and undoes its compression, which is told by content.
 * @throws {TraceError} as `openRaw`, or when the program that the compression needs is not installed
 */
export async function openSource(name: string, signal?: AbortSignal): Promise<ByteSource> {
  const raw = openRaw(name, signal);
  const { head, source } = await PeekedSource.peek(raw, 6);
  const found = COMPRESSIONS.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (!found) return source;
  if (found.program === null) {
    const { GzipSource } = await import("./gzip-source.ts");
    return new GzipSource(source, source.reopenable ? () => openRaw(name, signal) : null);
  }
  const { ProgramSource } = await import("./program-source.ts");
  const child = await ProgramSource.start(found.program, source, signal);
  if (child) return child;
  source.close();
  throw refuse(
    name,
    `the program ${found.program}, to decompress this file`,
    `none on this machine (install ${found.program})`,
  );
}
