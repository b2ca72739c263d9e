/** Who waits for the stack engine: sees how far it is once the input has been read, and may end it. */
import type { Attend } from "../emulation/sliced.ts";
import type { Terminal } from "./command.ts";
import { countOf, type Progress, startProgress } from "./progress.ts";

export interface Attendance {
  attend: Attend;
  /** Takes its bar away. */
  done(): void;
}

/** `readAll` tells whether nothing more is to be read: until then the input's own bar is there. */
export function attendance(terminal: Terminal, quiet: boolean, readAll: () => boolean): Attendance {
  const shown = { ...terminal, interactive: terminal.interactive && !quiet };
  let bar: Progress | null = null;
  let before = 0;
  return {
    async attend(done, of) {
      // A turn of the event loop, in which a signal is heard.
      await new Promise((resolve) => setImmediate(resolve));
      if (readAll()) {
        if (bar === null) {
          before = done;
          bar = startProgress(shown, "running", of - before, undefined, countOf("connections"));
        }
        bar.update(done - before);
      }
      return !terminal.interrupted.aborted;
    },
    done() {
      bar?.done();
    },
  };
}
