/**
 * One connection of the trace while the emulation runs it: what was recorded, what it has come to,
 * and its own wake-up call. Objects are used again once the connection has ended.
 */
import { Timer } from "../../stack/clock.ts";
import type { Socket } from "../../stack/socket.ts";
import type { Evidence } from "./evidence.ts";
import type { ServerSide } from "./server-side.ts";

/** Waits to be opened; SYN sent; open; its end begun by the client; over. */
export const IDLE = 0;
export const CONNECTING = 1;
export const OPEN = 2;
export const CLOSING = 3;
export const OVER = 4;

export class Connection extends Timer {
  /** Number in order of opening, from 0. */
  id = 0;
  protocol = 0;
  /** Addresses on the virtual network; see `addressing.ts`. */
  client = 0;
  clientPort = 0;
  server = 0;
  serverPort = 0;
  /** The recorded client address in four words: what policies are shown. */
  readonly words = new Uint32Array(4);
  /** Which client population runs it. */
  population = 0;

  // Recorded. Times are nanoseconds after the open.
  openAt = 0;
  duration = 0;
  clientBytes = 0;
  serverBytes = 0;
  clientPackets = 0;
  serverPackets = 0;
  close = 0;
  requestAt = 0;
  responseAt = 0;
  responseEnd = 0;

  // Dispatch: the policy's pick for the first SYN, whether that has been used, the server that the
  // first SYN reached, and the server that holds the connection; −1 while there is none.
  firstPick = 0;
  dispatched = false;
  /** Packets of it that routers have dispatched after its first. */
  dispatches = 0;
  firstServer = -1;
  holder = -1;
  /** Packets that another server got, and SYNs that a second one answered. */
  violations = 0;
  splits = 0;
  /** When its first pinned packet reached a server; −1 before. */
  pinnedAt = -1;

  // Progress at the client.
  phase = IDLE;
  sent = 0;
  received = 0;
  /** Bytes moved, either way, when the client last looked whether anything happens still. */
  lookedAt = 0;
  requested = false;
  ended = false;
  socket: Socket | null = null;
  /** Server ends of it; more than one when several servers accepted it. */
  sides: ServerSide | null = null;
  /** Its packets, when somebody wants to see them. */
  evidence: Evidence | null = null;
  /** Link in the chain of the flow table. */
  nextInChain: Connection | null = null;
  private readonly onExpire: (connection: Connection, now: number) => void;

  constructor(onExpire: (connection: Connection, now: number) => void) {
    super();
    this.onExpire = onExpire;
  }

  override expire(now: number): void {
    this.onExpire(this, now);
  }

  /** Forgets the connection that the object stood for. */
  reset(): void {
    this.dispatched = false;
    this.dispatches = 0;
    this.firstServer = -1;
    this.holder = -1;
    this.violations = 0;
    this.splits = 0;
    this.pinnedAt = -1;
    this.phase = IDLE;
    this.sent = 0;
    this.received = 0;
    this.lookedAt = 0;
    this.requested = false;
    this.ended = false;
    this.socket = null;
    this.sides = null;
    this.evidence = null;
    this.nextInChain = null;
  }

  /** When its recorded end is due. */
  get endAt(): number {
    return this.openAt + this.duration;
  }
}
