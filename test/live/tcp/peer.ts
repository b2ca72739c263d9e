/** Linux's sockets, through `peer.py` in a namespace. */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { projectPath } from "../../support/project.ts";
import { ended, start } from "./child.ts";

/** What one end of a connection does; see `peer.py`. Times in seconds, sizes in bytes. */
export interface Job {
  op: "connect" | "listen";
  family?: 4 | 6;
  /** To connect to, or to listen on. */
  address: string;
  remotePort?: number;
  local?: string;
  port?: number;
  send?: number;
  at?: number;
  chunk?: number;
  sendPause?: number;
  readPause?: number;
  last?: boolean;
  half?: boolean;
  abortAfter?: number;
  receiveBuffer?: number;
  sendBuffer?: number;
  maxSegment?: number;
  congestion?: string;
  ipOptions?: string;
  synRetries?: number;
  keepAlive?: number;
  noDelay?: boolean;
}

/** What came of it. */
export interface Outcome {
  sent?: number;
  received?: number;
  sha256Sent?: string;
  sha256Received?: string;
  /** Name of the errno, null for none. */
  error: string | null;
  seconds?: number;
}

interface Answer extends Outcome {
  id: number;
  ready?: boolean;
  port?: number;
}

export class Peer {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private readonly started: Promise<unknown>;
  private next = 1;

  constructor(namespace: string) {
    this.child = start(namespace, "python3", [projectPath("test/live/tcp/peer.py")]);
    this.child.stdin.on("error", () => {});
    this.child.stderr.pipe(process.stderr);
    this.started = this.answer(0);
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const answer = JSON.parse(line) as Answer;
      const resolve = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      resolve?.(answer);
    });
  }

  async ready(): Promise<void> {
    await this.started;
  }

  /** Connects and exchanges as told. */
  connect(job: Omit<Job, "op">): Promise<Outcome> {
    return this.tell({ op: "connect", ...job }).answered;
  }

  /** Listens; the port, and what comes of the one connection that is taken. */
  async listen(job: Omit<Job, "op">): Promise<{ port: number; outcome: Promise<Outcome> }> {
    const { id, answered } = this.tell({ op: "listen", ...job });
    const { port, error } = await answered;
    if (port === undefined) throw new Error(`listen: ${error}`);
    return { port, outcome: this.answer(id) };
  }

  async close(): Promise<void> {
    this.child.stdin.end();
    await ended(this.child);
  }

  private tell(job: Job): { id: number; answered: Promise<Answer> } {
    const id = this.next++;
    const answered = this.answer(id);
    this.child.stdin.write(`${JSON.stringify({ id, ...job })}\n`);
    return { id, answered };
  }

  private answer(id: number): Promise<Answer> {
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}
