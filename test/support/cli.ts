/** Running `anypin`: in this process against a terminal of the test's own, or as a program. */
import { spawnSync } from "node:child_process";
import type { CommandEntry, Terminal } from "../../replay/cli/command.ts";
import { COMMANDS } from "../../replay/cli/commands/index.ts";
import { dispatch } from "../../replay/cli/dispatch.ts";
import { projectPath } from "./project.ts";

export interface Ran {
  status: number | null;
  out: string;
  err: string;
}

/** A terminal that keeps what is written to it. */
export function testTerminal(
  more: Partial<Terminal> = {},
): Terminal & { outText(): string; errText(): string } {
  let out = "";
  let err = "";
  return {
    async out(text) {
      out += typeof text === "string" ? text : Buffer.from(text).toString();
    },
    err(text) {
      err += text;
    },
    columns: null,
    interactive: false,
    color: false,
    interrupted: new AbortController().signal,
    ...more,
    outText: () => out,
    errText: () => err,
  };
}

/** Runs a command line in this process. */
export async function runHere(
  words: readonly string[],
  commands: readonly CommandEntry[] = COMMANDS,
  more: Partial<Terminal> = {},
): Promise<Ran> {
  const terminal = testTerminal(more);
  const status = await dispatch(words, commands, terminal);
  return { status, out: terminal.outText(), err: terminal.errText() };
}

/** Runs the built program. */
export function runProgram(words: readonly string[], input?: Uint8Array): Ran {
  const ran = spawnSync(process.execPath, [programPath, ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...(input ? { input } : {}),
  });
  return { status: ran.status, out: ran.stdout, err: ran.stderr };
}

/** The compiled entry point. */
export const programPath = projectPath("dist/anypin/main.js");
