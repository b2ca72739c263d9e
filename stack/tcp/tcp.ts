/**
 * TCP of one stack: its configuration, its connections, and what they share. What is done with a
 * connection stands in the files around; `input.ts` and `output.ts` are the two to begin with.
 */
import { RingMemory } from "../byte-ring.ts";
import { EndpointTable } from "../in-pcb.ts";
import type { Mbuf } from "../mbuf.ts";
import type { ControlError, Protocol } from "../protosw.ts";
import { Socket } from "../socket.ts";
import type { Stack } from "../stack.ts";
import { IPPROTO_TCP } from "../wire/ipv4.ts";
import type { AnycastRules } from "./anycast.ts";
import { TCP_DEFAULTS, type TcpConfig } from "./config.ts";
import { congestionIndex } from "./congestion.ts";
import { tcpControlInput } from "./control-input.ts";
import { InitialSequence, type IssGenerator } from "./initial-sequence.ts";
import { tcpInput } from "./input.ts";
import { OptionWriter, TcpOptions } from "./options.ts";
import { resetRtt } from "./rtt.ts";
import type { NextSegment } from "./sack.ts";
import { Segment } from "./segment.ts";
import { ROUTE_PROFILES, type RouteProfile } from "./source-route.ts";
import { TcpStats } from "./stats.ts";
import {
  Tcb,
  TF_NODELAY,
  TF_OFFER_ECN,
  TF_OFFER_SACK,
  TF_OFFER_SCALE,
  TF_OFFER_TIMESTAMPS,
} from "./tcb.ts";
import { TcbTimer } from "./timers.ts";
import { TcpSockets } from "./user.ts";

export interface TcpOptionsForStack extends Partial<TcpConfig> {
  /** Initial sequence numbers; left out: RFC 6528, from the stack's random stream. */
  iss?: IssGenerator;
}

export class Tcp implements Protocol {
  readonly name = "tcp";
  readonly stack: Stack;
  /** May be changed while running: it is read when it matters. */
  readonly config: TcpConfig;
  readonly stats = new TcpStats();
  readonly table = new EndpointTable<Tcb>();
  readonly memory = new RingMemory();
  readonly sequence: InitialSequence;
  /** How routes are treated: by the stack's client profile. */
  readonly routes: RouteProfile;
  /** Used again for every segment: nothing on the path makes an object. */
  readonly segment = new Segment();
  readonly options = new TcpOptions();
  readonly writer = new OptionWriter();
  readonly next: NextSegment = { from: 0, to: 0, rule: 0 };
  /** Where it does more about anycast addresses than RFC 9293 asks: nothing, unless somebody wants it. */
  anycast: AnycastRules | null = null;
  /** The listener whose queue grew with the segment being looked at: told last of all. */
  wakeListener: Tcb | null = null;
  /** Highest number used by a connection that a SYN has just replaced in TIME-WAIT. */
  lastUsed: number | null = null;
  /** Control blocks in use, listening ones among them: 0 when all is over. */
  live = 0;
  private readonly sockets: TcpSockets;
  private port: number;

  /** Attaches itself to `stack` under protocol number 6. */
  constructor(stack: Stack, options: TcpOptionsForStack = {}) {
    const { iss, ...config } = options;
    this.stack = stack;
    this.config = { ...TCP_DEFAULTS, ...config };
    this.sequence = new InitialSequence(stack, iss);
    this.routes = ROUTE_PROFILES[stack.config.client];
    this.sockets = new TcpSockets(this);
    this.port = stack.random.word();
    stack.register(IPPROTO_TCP, this);
  }

  /** A new stream socket of the family, 4 or 6. */
  socket(family: 4 | 6): Socket {
    return this.socketFor(this.makeTcb(family));
  }

  /** A socket for a connection that has none: accepted, or imported. */
  socketFor(tcb: Tcb): Socket {
    const so = new Socket(this.sockets, tcb);
    tcb.socket = so;
    return so;
  }

  input(stack: Stack, m: Mbuf): void {
    tcpInput(this, stack, m);
  }

  ctlInput(_stack: Stack, error: ControlError): boolean {
    return tcpControlInput(this, error);
  }

  /** A control block in CLOSED with this stack's defaults. */
  makeTcb(family: 4 | 6): Tcb {
    const tcb = new Tcb();
    tcb.timer = new TcbTimer(this, tcb);
    this.live++;
    const { config } = this;
    tcb.family = family;
    tcb.receptive = false;
    if (family === 6) tcb.setAnyV6();
    tcb.flags =
      (config.windowScale ? TF_OFFER_SCALE : 0) |
      (config.timestamps ? TF_OFFER_TIMESTAMPS : 0) |
      (config.sack ? TF_OFFER_SACK : 0) |
      (config.ecn === "request" || config.ecn === "accurate" ? TF_OFFER_ECN : 0) |
      (config.nagle ? 0 : TF_NODELAY);
    tcb.congestion = congestionIndex(config.congestion);
    tcb.sndLimit = config.sendBuffer;
    tcb.rcvLimit = config.receiveBuffer;
    tcb.keepInit = config.keepInit;
    tcb.keepIdle = config.keepIdle;
    tcb.keepInterval = config.keepInterval;
    tcb.keepCount = config.keepCount;
    resetRtt(tcb, config);
    return tcb;
  }

  /** Ends a block that is closed and that no socket has any more. */
  forget(tcb: Tcb): void {
    tcb.sendBuffer.release(this.memory);
    tcb.receiveBuffer.release(this.memory);
    this.live--;
  }

  /** Local port candidates, each once around the range (RFC 6056 section 3.3.1, by increment). */
  nextPort(): number {
    const { firstEphemeral: first, lastEphemeral: last } = this.config;
    this.port = (this.port + 1) >>> 0;
    return first + (this.port % (last - first + 1));
  }

  now(): number {
    return this.stack.clock.now();
  }
}
