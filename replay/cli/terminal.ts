/** The process's own streams and signals as a `Terminal`. */
import type { Terminal } from "./command.ts";

/**
 * Builds the terminal of this process. The first Ctrl-C aborts `interrupted`, so that a command
 * reports what it has; the second one ends the process at once. A reader that goes away
 * (`| head`) ends it quietly.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  const interrupt = new AbortController();
  process.on("SIGINT", () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  const plain = Boolean(process.env.NO_COLOR) || process.env.TERM === "dumb";
  return {
    out: (text) =>
      new Promise((resolve, reject) => {
        stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    err: (text) => {
      stderr.write(text);
    },
    get columns() {
      return stdout.isTTY ? stdout.columns : null;
    },
    interactive: stderr.isTTY === true,
    color: stdout.isTTY === true && !plain,
    interrupted: interrupt.signal,
  };
}
