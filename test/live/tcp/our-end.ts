/** One of our sockets doing what a `Job` says, as `peer.py` does it for Linux. */
import { createHash } from "node:crypto";
import type { ErrorCode } from "../../../stack/errors.ts";
import {
  failed,
  POLLERR,
  POLLHUP,
  SHUT_WR,
  type Socket,
  SS_CONNECTED,
} from "../../../stack/socket.ts";
import { testRandom } from "../../support/random.ts";
import type { Outcome } from "./peer.ts";

/** What is sent, from some point on and round it: a length that divides nothing. */
const BLOCK = testRandom(4711).bytes(1_000_003);

export interface Task {
  /** Bytes to send, beginning at `at` of the block. */
  send: number;
  at?: number;
  /** Reads to the end before it sends its own end. */
  last?: boolean;
  /** Sends nothing until it has read to the end. */
  half?: boolean;
  /** Never ends its half. */
  stay?: boolean;
  /** Milliseconds before it reads anything. */
  readPause?: number;
  /** Resets the connection once that many bytes have been read. */
  abortAfter?: number;
}

/** Runs `task` on a connection or an attempt at one; resolves when the socket is closed. */
export function runTask(so: Socket, task: Task): Promise<Outcome> {
  return new Promise((resolve) => new OurEnd(so, task, resolve).begin());
}

class OurEnd {
  private readonly so: Socket;
  private readonly task: Task;
  private readonly resolve: (outcome: Outcome) => void;
  private readonly buffer = new Uint8Array(65536);
  private readonly digestSent = createHash("sha256");
  private readonly digestReceived = createHash("sha256");
  private sent = 0;
  private received = 0;
  private paused: boolean;
  private shut = false;
  private ended = false;
  private over = false;

  constructor(so: Socket, task: Task, resolve: (outcome: Outcome) => void) {
    this.so = so;
    this.task = task;
    this.resolve = resolve;
    this.paused = (task.readPause ?? 0) > 0;
  }

  begin(): void {
    this.so.onReady = (_, events) => this.ready(events);
    if (this.paused) {
      setTimeout(() => {
        this.paused = false;
        this.ready(this.so.poll());
      }, this.task.readPause);
    }
    this.ready(this.so.poll());
  }

  private ready(events: number): void {
    if (this.over) return;
    if (events & POLLERR) {
      this.finish(this.so.takeError() ?? "ECONNRESET");
      return;
    }
    if (!this.task.half || this.ended) this.send();
    if (!this.paused) this.receive();
    if (this.task.half && this.ended) this.send();
    this.shutdown();
    if (this.over) return;
    if (this.ended && this.shut) this.finish(null);
    else if (events & POLLHUP && !this.paused && !this.ended) this.finish("ECONNABORTED");
  }

  private send(): void {
    const { send, at = 0 } = this.task;
    while (!this.over && this.sent < send) {
      const from = (at + this.sent) % BLOCK.length;
      const count = Math.min(send - this.sent, BLOCK.length - from);
      const taken = this.so.send(BLOCK, 0, from, count);
      if (failed(taken)) {
        if (taken !== "EAGAIN" && taken !== "ENOTCONN") this.finish(taken);
        return;
      }
      if (taken === 0) return;
      this.digestSent.update(BLOCK.subarray(from, from + taken));
      this.sent += taken;
    }
  }

  private receive(): void {
    const { abortAfter = Number.POSITIVE_INFINITY } = this.task;
    while (!this.over && !this.ended) {
      if (this.received >= abortAfter) {
        this.so.setsockopt("SO_LINGER", { on: true, seconds: 0 });
        this.finish(null);
        return;
      }
      const got = this.so.receive(this.buffer);
      if (failed(got)) {
        if (got !== "EAGAIN" && got !== "ENOTCONN") this.finish(got);
        return;
      }
      if (got === 0) this.ended = true;
      this.digestReceived.update(this.buffer.subarray(0, got));
      this.received += got;
    }
  }

  private shutdown(): void {
    if (this.over || this.shut || this.task.stay || this.sent < this.task.send) return;
    // Before there is a connection, its end would be the end of the attempt.
    if (!(this.so.state & SS_CONNECTED)) return;
    if ((this.task.last || this.task.half) && !this.ended) return;
    this.shut = this.so.shutdown(SHUT_WR) === 0;
  }

  private finish(error: ErrorCode | null): void {
    this.over = true;
    this.so.close();
    this.resolve({
      error,
      sent: this.sent,
      received: this.received,
      sha256Sent: this.digestSent.digest("hex"),
      sha256Received: this.digestReceived.digest("hex"),
    });
  }
}
