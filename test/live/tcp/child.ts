/** Programs of ours inside a namespace, ended by their ids whatever happens. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcessWithoutNullStreams>();

/** Starts a program in the namespace called `namespace`; what it says on stderr is passed on. */
export function start(
  namespace: string,
  command: string,
  args: readonly string[],
): ChildProcessWithoutNullStreams {
  const child = spawn("ip", ["netns", "exec", namespace, command, ...args]);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Resolves when it has ended, after `limit` milliseconds by force; its status. */
export async function ended(
  child: ChildProcessWithoutNullStreams,
  limit = 5000,
): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const force = setTimeout(() => child.kill("SIGKILL"), limit);
  await once(child, "exit");
  clearTimeout(force);
  return child.exitCode;
}

/** Ends whatever still runs. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}
