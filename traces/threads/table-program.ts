/**
 * The program of the table's thread. It may be begun before anybody knows what it will follow: a
 * thread needs about as long to begin as a command to be loaded.
 */
import { Worker } from "node:worker_threads";

const PROGRAM = new URL("./table-worker.js", import.meta.url);

/** A thread, and what becomes of it if it does not do what it is for. */
export interface TableProgram {
  readonly worker: Worker;
  readonly failure: Promise<never>;
}

/** Begins a thread that runs `program`; it does not keep ours from ending. */
export function startProgram(program = PROGRAM): TableProgram {
  const worker = new Worker(program);
  const failure = new Promise<never>((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the table's thread has ended")));
  });
  // Whoever waits for the thread is told; until then a failure must not end the program.
  failure.catch(() => {});
  worker.unref();
  return { worker, failure };
}

let begun: TableProgram | null = null;

/** Begins the thread that the next one who needs one will take, unless there is one; returns it. */
export function beginTableProgram(): TableProgram {
  begun ??= startProgram();
  return begun;
}

/** The thread that was begun, or a new one. */
export function takeTableProgram(): TableProgram {
  const taken = begun ?? startProgram();
  begun = null;
  return taken;
}

/** Ends the thread that was begun, if nobody needs it. */
export async function dropTableProgram(): Promise<void> {
  const idle = begun;
  begun = null;
  await idle?.worker.terminate();
}
