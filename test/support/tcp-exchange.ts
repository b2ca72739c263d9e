/** Bytes both ways over one connection, checked as they arrive. */
import type { ErrorCode } from "../../stack/errors.ts";
import { POLLERR, SHUT_WR, type Socket } from "../../stack/socket.ts";
import type { TcpPair } from "./tcp-pair.ts";

export interface Exchange {
  /** Bytes that arrived right, each way. */
  up: number;
  down: number;
  /** Both directions were read to their end, and what was read is what was sent. */
  intact: boolean;
  /** A byte arrived that is not the one sent there. */
  damaged: boolean;
  /** The first error either side was told. */
  error: ErrorCode | null;
}

/** Sends `out`, expects `expected`, closes when both are done. */
class Side {
  readonly so: Socket;
  received = 0;
  damaged = false;
  ended = false;
  error: ErrorCode | null = null;
  private sent = 0;
  private readonly out: Uint8Array;
  private readonly expected: Uint8Array;
  private readonly buffer = new Uint8Array(16384);

  constructor(so: Socket, out: Uint8Array, expected: Uint8Array) {
    this.so = so;
    this.out = out;
    this.expected = expected;
    so.onReady = (_, events) => this.ready(events);
    this.ready(0);
  }

  private ready(events: number): void {
    if (events & POLLERR) {
      this.error ??= this.so.takeError();
      this.so.close();
      return;
    }
    this.send();
    this.receive();
    if (this.ended && this.sent > this.out.length) this.so.close();
  }

  private send(): void {
    while (this.sent < this.out.length) {
      const taken = this.so.send(this.out, 0, this.sent);
      if (typeof taken === "string") return;
      this.sent += taken;
    }
    if (this.sent === this.out.length && this.so.shutdown(SHUT_WR) === 0) this.sent++;
  }

  private receive(): void {
    while (!this.ended) {
      const got = this.so.receive(this.buffer);
      if (typeof got === "string") return;
      if (got === 0) this.ended = true;
      for (let i = 0; i < got; i++) {
        if (this.buffer[i] !== this.expected[this.received++]) this.damaged = true;
      }
    }
  }
}

/** Connects to port 80 and exchanges `up` for `down`; look at `result` when the clock has run. */
export function exchange(
  pair: TcpPair,
  up: Uint8Array,
  down: Uint8Array,
  family: 4 | 6 = 4,
): { listener: Socket; result: Exchange } {
  let server: Side | null = null;
  const listener = pair.listen(
    80,
    (so) => {
      server = new Side(so, down, up);
    },
    5,
    family,
  );
  const client = new Side(pair.connect(80, family), up, down);
  const at = (): Side | null => server;
  return {
    listener,
    result: {
      get up() {
        return at()?.received ?? 0;
      },
      get down() {
        return client.received;
      },
      get damaged() {
        return client.damaged || (at()?.damaged ?? false);
      },
      get intact() {
        const whole = this.up === up.length && this.down === down.length;
        return whole && !this.damaged && client.ended && (at()?.ended ?? false);
      },
      get error() {
        return client.error ?? at()?.error ?? null;
      },
    },
  };
}
