/** A packetdrill script, taken apart: what happens when, and what must be seen. Times are nanoseconds. */

/** When an event happens. `any`: whenever it does. */
export interface EventTime {
  kind: "any" | "absolute" | "relative";
  from: number;
  /** Latest time of a range `a~b`, else null. */
  to: number | null;
  /** When a blocking call `a...b` comes back, else null. */
  end: number | null;
}

/** An argument or result of a call, as written. */
export type Value =
  | { kind: "any" }
  | { kind: "number"; value: number }
  | { kind: "name"; name: string }
  | { kind: "text"; text: string }
  | { kind: "or"; parts: Value[] }
  | { kind: "list"; items: Value[] }
  | { kind: "struct"; fields: Map<string, Value> }
  | { kind: "call"; name: string; args: Value[] };

export interface CallAction {
  kind: "call";
  name: string;
  args: Value[];
  result: Value;
  /** The error named behind −1, null when none is. */
  errno: string | null;
}

/** One TCP option; `value` is its number, `blocks` those of SACK. */
export interface TcpOption {
  name: "nop" | "eol" | "mss" | "wscale" | "sackOK" | "sack" | "TS" | "unknown";
  value?: number;
  /** Of timestamps; a null `value` or `ecr` is not compared. */
  ecr?: number;
  anyValue?: boolean;
  anyEcr?: boolean;
  /** `ecr N!`: as it is, not the script's numbering. */
  absoluteEcr?: boolean;
  blocks?: [number, number][];
}

/** What is said of the IP header; what is left out is not compared. */
export interface IpInfo {
  tos?: number;
  /** Bits of `tos` that are compared. */
  tosMask?: number;
  /** Either capable codepoint will do. */
  ect01?: boolean;
  ttl?: number;
}

export interface TcpAction {
  kind: "tcp";
  inbound: boolean;
  ip: IpInfo;
  flags: number;
  /** Null: not compared (`...`). */
  seq: number | null;
  /** `!`: the number itself, not counted from the connection's first. */
  absolute: boolean;
  length: number;
  ack: number;
  window: number | null;
  urgent: number;
  /** Null: not compared (`<...>`). */
  options: TcpOption[] | null;
}

export interface UdpAction {
  kind: "udp";
  inbound: boolean;
  ip: IpInfo;
  length: number;
}

export interface IcmpAction {
  kind: "icmp";
  inbound: boolean;
  ip: IpInfo;
  type: string;
  code: string | null;
  mtu: number | null;
  /** What the message quotes: the sequence number and length of a segment, or of a datagram. */
  quoted: { protocol: "tcp" | "udp"; seq: number; length: number };
}

export type Action =
  | CallAction
  | TcpAction
  | UdpAction
  | IcmpAction
  | { kind: "shell"; command: string }
  | { kind: "assert"; code: string };

export interface ScriptEvent {
  line: number;
  time: EventTime;
  action: Action;
}

export interface Script {
  /** `--name=value` lines, with the line each stands on. */
  options: { name: string; value: string; line: number }[];
  events: ScriptEvent[];
}

/** A construct that this runner does not know: named, never passed over. */
export class Unsupported extends Error {
  readonly construct: string;
  readonly line: number;

  constructor(construct: string, line: number) {
    super(`line ${line}: ${construct} is not supported`);
    this.construct = construct;
    this.line = line;
  }
}

/** The script and the stack disagree, or the script is not one. */
export class DrillFailure extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
