/**
 * The clients' side of TCP connections: opens at the recorded time, sends the request, takes the
 * response, ends the connection as recorded, and says what became of it.
 */
import type { Clock } from "../../stack/clock.ts";
import {
  failed,
  POLLHUP,
  SHUT_WR,
  type Socket,
  SS_CANT_RECEIVE,
  SS_CONNECTED,
} from "../../stack/socket.ts";
import { CLOSE_FIN, CLOSE_RESET } from "../../traces/connection.ts";
import { CLOSING, CONNECTING, type Connection, OPEN, OVER } from "./connection.ts";
import type { End } from "./outcome.ts";
import type { Host } from "./wiring/hosts.ts";

/** How long a client waits for anything to happen once its recorded time is over, nanoseconds. */
export const PATIENCE = 120e9;

/** What is sent and where what is received goes: contents do not matter, only their number. */
export const PAYLOAD = new Uint8Array(65536);
const SINK = new Uint8Array(65536);

const RESET_LINGER = { on: true, seconds: 0 };

/** Reads and forgets what has arrived. The number of bytes, and whether the stream has ended. */
export function swallow(so: Socket): number {
  let total = 0;
  for (;;) {
    const got = so.receive(SINK);
    if (failed(got) || got === 0) return total;
    total += got;
  }
}

export class ClientApp {
  private readonly clock: Clock;
  private readonly hosts: readonly Host[];
  private readonly onOpen: (connection: Connection) => void;
  private readonly onEnd: (connection: Connection, end: End, how: string) => void;
  private readonly ready = (so: Socket, events: number): void => this.happened(so, events);

  /**
   * `onOpen` is told when a connection is established at the client, `onEnd` once for each; nothing
   * of it is used here afterwards.
   */
  constructor(
    clock: Clock,
    hosts: readonly Host[],
    onOpen: (connection: Connection) => void,
    onEnd: (connection: Connection, end: End, how: string) => void,
  ) {
    this.clock = clock;
    this.hosts = hosts;
    this.onOpen = onOpen;
    this.onEnd = onEnd;
  }

  open(connection: Connection): void {
    const so = this.hosts[connection.population].tcp.socket(4);
    const { pcb } = so;
    if (!pcb) return;
    // The ends are known to be free: bound as `bind` would with SO_REUSEADDR.
    pcb.local = connection.client;
    pcb.localPort = connection.clientPort;
    so.context = connection;
    so.onReady = this.ready;
    connection.socket = so;
    connection.phase = CONNECTING;
    const result = so.connect(connection.server, connection.serverPort);
    if (failed(result) && result !== "EINPROGRESS") this.over(connection, "neverOpened", result);
  }

  /** The connection's own wake-up call: time to ask, time to end, or time to give up. */
  expire(connection: Connection, now: number): void {
    if (connection.phase === CONNECTING || connection.phase === OVER) return;
    if (!connection.requested) {
      connection.requested = true;
      this.clock.schedule(connection, Math.max(now, connection.endAt));
      this.send(connection);
      return;
    }
    if (!connection.ended && now >= connection.endAt) connection.ended = true;
    if (this.finish(connection)) return;
    const moved = connection.sent + connection.received;
    if (connection.lookedAt === moved + 1) {
      this.over(connection, "timedOut", "no answer");
      return;
    }
    connection.lookedAt = moved + 1;
    this.clock.schedule(connection, now + PATIENCE);
  }

  private happened(so: Socket, events: number): void {
    const connection = so.context as Connection;
    const error = so.takeError();
    if (error !== null) {
      const end = connection.phase === CONNECTING ? "neverOpened" : (LOST[error] ?? "reset");
      this.over(connection, end, error);
      return;
    }
    if (connection.phase === CONNECTING) {
      if ((so.state & SS_CONNECTED) === 0) return;
      connection.phase = OPEN;
      this.onOpen(connection);
      const now = this.clock.now();
      this.clock.schedule(connection, Math.max(now, connection.openAt + connection.requestAt));
    }
    connection.received += swallow(so);
    if (connection.phase === OPEN) {
      if (connection.requested && connection.sent < connection.clientBytes) this.send(connection);
      if (connection.socket !== so) return;
      if (connection.ended && this.finish(connection)) return;
    }
    if ((so.state & SS_CANT_RECEIVE) === 0 && (events & POLLHUP) === 0) return;
    const whole = connection.received >= connection.serverBytes;
    if (connection.phase === CLOSING && whole) this.over(connection, "completed", "");
    else this.over(connection, "reset", "closed early");
  }

  private send(connection: Connection): void {
    const { socket } = connection;
    while (socket && connection.sent < connection.clientBytes) {
      const count = Math.min(PAYLOAD.length, connection.clientBytes - connection.sent);
      const taken = socket.send(PAYLOAD, 0, 0, count);
      if (failed(taken)) return;
      connection.sent += taken;
    }
  }

  /** Ends the connection as recorded once all has been said; false while it is too early. */
  private finish(connection: Connection): boolean {
    const { socket } = connection;
    if (connection.phase !== OPEN || !socket) return false;
    if (connection.sent < connection.clientBytes) return false;
    if (connection.received < connection.serverBytes) return false;
    if (connection.close === CLOSE_FIN) {
      connection.phase = CLOSING;
      connection.lookedAt = 0;
      this.clock.schedule(connection, this.clock.now() + PATIENCE);
      socket.shutdown(SHUT_WR);
      return true;
    }
    if (connection.close === CLOSE_RESET) socket.linger = RESET_LINGER;
    this.over(connection, "completed", "");
    return true;
  }

  private over(connection: Connection, end: End, how: string): void {
    connection.phase = OVER;
    this.clock.cancel(connection);
    this.onEnd(connection, end, how);
  }
}

/** Errors that are an answer that never came; all others are a connection broken. */
const LOST: Readonly<Record<string, End>> = {
  ETIMEDOUT: "timedOut",
  EHOSTUNREACH: "timedOut",
  ENETUNREACH: "timedOut",
};
