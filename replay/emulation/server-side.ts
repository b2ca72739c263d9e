/** One server's end of a connection: what it has received, sent, and is still to send. */
import { Timer } from "../../stack/clock.ts";
import type { Socket } from "../../stack/socket.ts";
import type { Connection } from "./connection.ts";

export class ServerSide extends Timer {
  server = 0;
  connection: Connection | null = null;
  socket: Socket | null = null;
  received = 0;
  /** Bytes handed to the socket, and bytes that the pace allows by now. */
  sent = 0;
  allowed = 0;
  /** The response has been begun; parts of it that are out. */
  responding = false;
  steps = 0;
  /** The client will send no more. */
  peerClosed = false;
  /** Another end of the same connection. */
  sibling: ServerSide | null = null;
  private readonly onExpire: (side: ServerSide, now: number) => void;

  constructor(onExpire: (side: ServerSide, now: number) => void) {
    super();
    this.onExpire = onExpire;
  }

  override expire(now: number): void {
    this.onExpire(this, now);
  }

  reset(): void {
    this.connection = null;
    this.socket = null;
    this.received = 0;
    this.sent = 0;
    this.allowed = 0;
    this.responding = false;
    this.steps = 0;
    this.peerClosed = false;
    this.sibling = null;
  }
}
