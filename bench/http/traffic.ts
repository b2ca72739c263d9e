/**
 * HTTP over TCP as a stream of segments in order of time: a fixed number of connections is open at
 * once, and as one ends the next begins. Sizes are Pareto, some segments are sent again, some
 * connections end in a reset, some take the 4-tuple of the one before them.
 */
import { testRandom } from "../../test/support/random.ts";
import { ACK, FIN, PSH, RST, type Segment, SYN } from "./frames.ts";
import { Soonest } from "./soonest.ts";

export interface TrafficShape {
  /** Connections open at once. */
  open: number;
  /** Client addresses, from 198.18.0.0 (RFC 2544) on. */
  clients: number;
  seed: number;
}

const FIRST_CLIENT = 0xc6120000;
const SEGMENT = 1448;
/** Of the segments that occupy sequence space; that is 1 % of all packets. */
const RETRANSMITTED = 0.0165;
const RESET = 0.03;
const REUSED_TUPLE = 0.004;

/** A connection's packets in order; `data` and its acknowledgement repeat until all is sent. */
const OPENING = 0;
const REQUEST = 3;
const DATA = 4;
const DATA_ACK = 5;
const CLOSE = 6;
const LAST_ACK = 8;
const FROM_SERVER = [false, true, false, false, true, false, true, false, true];
const FLAGS = [SYN, SYN | ACK, ACK, PSH | ACK, ACK, ACK, FIN | ACK, FIN | ACK, ACK];

/** What one connection goes through; objects are made once and used for the next connection. */
interface Connection {
  /** Its first packet has been sent. */
  begun: boolean;
  step: number;
  client: number;
  clientPort: number;
  clientSequence: number;
  serverSequence: number;
  /** Response bytes still to send, and data segments sent. */
  left: number;
  sent: number;
  /** Seconds. */
  roundTrip: number;
  resets: boolean;
}

/** The traffic; `next()` moves to the next packet, which `time` and `segment` then describe. */
export class HttpTraffic {
  /** Seconds since the first packet. */
  time = 0;
  readonly segment: Segment = {
    fromServer: false,
    client: 0,
    clientPort: 0,
    sequence: 0,
    acknowledgement: 0,
    flags: 0,
    payload: 0,
    begins: false,
    stamp: 0,
    echo: 0,
  };
  /** Connections begun. */
  begun = 0;
  private readonly connections: Connection[];
  private readonly order: Soonest;
  private readonly nextPort: Uint16Array;
  private readonly word: () => number;

  constructor({ open, clients, seed }: TrafficShape) {
    this.word = testRandom(seed).word;
    this.nextPort = new Uint16Array(clients).fill(1024);
    this.order = new Soonest(open, 2);
    this.connections = Array.from({ length: open }, () => ({
      begun: false,
      step: LAST_ACK,
      client: 0,
      clientPort: 0,
      clientSequence: 0,
      serverSequence: 0,
      left: 0,
      sent: 0,
      roundTrip: 0,
      resets: false,
    }));
    for (const connection of this.connections) this.begin(connection, false);
  }

  next(): void {
    const connection = this.connections[this.order.which];
    this.time = this.order.time;
    if (!connection.begun) this.begun++;
    connection.begun = true;
    this.describe(connection);
    this.order.postpone(this.time + this.advance(connection));
  }

  private chance(): number {
    return this.word() / 0x100000000;
  }

  private exponential(mean: number): number {
    return -mean * Math.log(1 - this.chance());
  }

  private begin(c: Connection, sameTuple: boolean): void {
    if (!sameTuple) {
      // Some clients come far more often than others.
      const who = Math.floor(this.nextPort.length * this.chance() ** 1.5);
      c.client = FIRST_CLIENT + who;
      c.clientPort = this.nextPort[who];
      this.nextPort[who] = c.clientPort === 65535 ? 1024 : c.clientPort + 1;
    }
    c.begun = false;
    c.step = OPENING;
    c.clientSequence = this.word();
    c.serverSequence = this.word();
    c.left = Math.min(4e6, Math.floor(700 / (1 - this.chance()) ** (1 / 1.3)));
    c.sent = 0;
    c.roundTrip = 0.005 + this.exponential(0.035);
    c.resets = this.chance() < RESET;
  }

  /** Puts the packet that the connection sends now into `segment`. */
  private describe(c: Connection): void {
    const s = this.segment;
    const fromServer = FROM_SERVER[c.step];
    s.fromServer = fromServer;
    s.client = c.client;
    s.clientPort = c.clientPort;
    s.sequence = fromServer ? c.serverSequence : c.clientSequence;
    s.acknowledgement = c.step === OPENING ? 0 : fromServer ? c.clientSequence : c.serverSequence;
    s.flags = c.step === CLOSE && c.resets ? RST | ACK : FLAGS[c.step];
    s.begins = c.step === REQUEST || (c.step === DATA && c.sent === 0);
    s.payload = 0;
    if (c.step === REQUEST) s.payload = 180 + (c.client % 240);
    if (c.step === DATA) s.payload = Math.min(SEGMENT, c.left);
    const tick = Math.floor(this.time * 1000);
    s.stamp = tick + (fromServer ? 77_000 : c.client % 1_000_000);
    s.echo = c.step === OPENING ? 0 : tick + (fromServer ? c.client % 1_000_000 : 77_000);
  }

  /** Takes the connection past the packet just sent; returns seconds until its next one. */
  private advance(c: Connection): number {
    const occupies = this.segment.payload + ((this.segment.flags & (SYN | FIN)) === 0 ? 0 : 1);
    // Lost beyond the capture: the same segment again after a time-out.
    if (occupies > 0 && this.chance() < RETRANSMITTED) return 0.2 + c.roundTrip;
    if (this.segment.fromServer) c.serverSequence = (c.serverSequence + occupies) >>> 0;
    else c.clientSequence = (c.clientSequence + occupies) >>> 0;
    const step = c.step++;
    if (step === LAST_ACK || (step === CLOSE && c.resets)) {
      this.begin(c, this.chance() < REUSED_TUPLE);
      return 0.001 + this.exponential(0.02);
    }
    if (step === REQUEST) return c.roundTrip / 2 + this.exponential(0.25);
    if (step === DATA) {
      c.left -= this.segment.payload;
      c.sent++;
      if (c.left > 0 && c.sent % 2 !== 0) {
        c.step = DATA;
        return 0.0001;
      }
    }
    if (step === DATA_ACK) {
      if (c.left === 0) return c.roundTrip / 2 + this.exponential(1.5);
      c.step = DATA;
    }
    return c.roundTrip / 2;
  }
}
