/** The process's own streams and signals as a `Terminal`. */
import type { Terminal } from "./command.ts";

/**
 * Builds the terminal of this process. For a command that asks for `interrupted`, the first Ctrl-C
 * aborts it, so that the command reports what it has; any other Ctrl-C ends the process at once. A reader that goes away
 * (`| head`) ends it quietly, a full disk behind stdout with a word and status 2. That stdout is closed
 * (`>&-`) cannot be known: Node opens /dev/null in its place, as those do who want no output.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let interrupt: AbortController | undefined;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    stderr.write(`anypin: stdout: ${error.message}\n`);
    process.exit(2);
  });
  // Nobody is left to tell.
  stderr.on("error", () => process.exit(0));
  const plain = Boolean(process.env.NO_COLOR) || process.env.TERM === "dumb";
  return {
    out: (text) =>
      new Promise((resolve) => {
        // What fails is an `error` of the stream too, which ends the process: it is said there, once.
        stdout.write(text, (error) => {
          if (!error) resolve();
        });
      }),
    err: (text) => {
      stderr.write(text);
    },
    get columns() {
      return stdout.isTTY ? stdout.columns : null;
    },
    interactive: stderr.isTTY === true,
    color: stdout.isTTY === true && !plain,
    get interrupted() {
      if (!interrupt) {
        const controller = new AbortController();
        // Once: the system's own way of ending a process is back for the second Ctrl-C.
        process.once("SIGINT", () => controller.abort());
        interrupt = controller;
      }
      return interrupt.signal;
    },
  };
}
