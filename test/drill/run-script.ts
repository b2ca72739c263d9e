/** Runs a script: each event at its time, what the stack does held against what it should. */
import { MILLISECOND, SECOND } from "../../stack/clock.ts";
import { tcpInfo } from "../../stack/tcp/info.ts";
import { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { IPPROTO_ICMPV6 } from "../../stack/wire/ipv6.ts";
import { buildSegment, ipPacket } from "./build-packet.ts";
import { prepareCall } from "./calls.ts";
import { constant } from "./constants.ts";
import { type Datum, runAssertions } from "./expression.ts";
import { buildIcmp } from "./icmp.ts";
import { compareIp, compareSegment, describeAction, describeSeen } from "./match-packet.ts";
import {
  type CallAction,
  DrillFailure,
  type Script,
  type ScriptEvent,
  type UdpAction,
} from "./model.ts";
import type { Attempt, Outcome } from "./outcome.ts";
import { readPacket, type Seen } from "./read-packet.ts";
import { Session } from "./session.ts";
import { settingsOf } from "./settings.ts";
import { runShell } from "./shell.ts";
import { agrees, valueText } from "./values.ts";

/** How long a packet is waited for beyond its time, so that a late one can be told from none. */
const PATIENCE = 10 * SECOND;
/** How long a packet without a time (`*`) is waited for. */
const LONGEST = 86_400 * SECOND;

export interface RunOptions {
  /** Fail when the stack has sent what no line expects. */
  strict?: boolean;
}

/** Runs `script`; what was passed over on the way. Throws DrillFailure or Unsupported. */
export function runScript(script: Script, options: RunOptions = {}): string[] {
  const session = new Session(settingsOf(script));
  const run = new Run(session);
  for (const event of script.events) run.event(event);
  run.finish(options.strict ?? false);
  return session.machine.notes;
}

class Run {
  private readonly session: Session;
  /** The script's time of the last event: relative times count from here. */
  private last = 0;
  private line = 0;

  constructor(session: Session) {
    this.session = session;
  }

  event(event: ScriptEvent): void {
    const { time, action, line } = event;
    this.line = line;
    const base = time.kind === "absolute" ? 0 : this.last;
    const from = base + time.from;
    const to = time.to === null ? null : base + time.to;
    const outbound = "inbound" in action && !action.inbound;
    if (outbound) {
      this.last = this.expect(event, from, to);
      return;
    }
    this.session.advance(time.kind === "any" ? this.session.machine.now : from);
    this.last = time.kind === "any" ? this.session.machine.now : from;
    if (action.kind === "call") this.call(action, line, time.end === null ? null : base + time.end);
    else if (action.kind === "shell") runShell(this.session.machine, action.command, line);
    else if (action.kind === "assert")
      runAssertions(action.code, line, (name) => this.lookup(name));
    else this.inject(event);
    this.session.retry();
  }

  /** The call that still waits comes back; strictly, nothing is left that was not expected. */
  finish(strict: boolean): void {
    const { session } = this;
    if (session.pending) this.settle(this.session.machine.now + PATIENCE);
    const extra = session.machine.sent[0];
    if (!strict || !extra) return;
    const seen = readPacket(extra);
    throw new DrillFailure(
      this.line,
      `nothing more, found ${describeSeen(seen, session.connection)} at ${seconds(seen.at)}`,
    );
  }

  private lookup(name: string): Datum | undefined {
    const known = constant(name);
    if (known !== undefined || !name.startsWith("tcpi_")) return known;
    const tcb = this.session.tcb();
    if (!tcb) throw new DrillFailure(this.line, `${name}: there is no connection`);
    const info: Partial<Record<string, number | string>> = { ...tcpInfo(tcb) };
    return info[name];
  }

  private inject({ action, line }: ScriptEvent): void {
    const { session } = this;
    const { machine } = session;
    const connection = session.forInbound(line);
    if (action.kind === "tcp") {
      const segment = buildSegment(action, connection);
      machine.inject(ipPacket(machine.remote, machine.local, IPPROTO_TCP, segment, action.ip, 16));
    } else if (action.kind === "udp") {
      const datagram = new Uint8Array(8 + action.length).fill(0x75, 8);
      const view = new DataView(datagram.buffer);
      view.setUint16(0, connection.remotePort);
      view.setUint16(2, connection.localPort);
      view.setUint16(4, datagram.length);
      machine.inject(ipPacket(machine.remote, machine.local, IPPROTO_UDP, datagram, action.ip, 6));
    } else if (action.kind === "icmp") {
      const protocol = machine.family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
      const message = buildIcmp(machine, action, connection, line);
      machine.inject(ipPacket(machine.remote, machine.local, protocol, message, action.ip, 2));
    }
  }

  /** Waits for the next packet and compares; the script's time after it. */
  private expect({ action, time, line }: ScriptEvent, from: number, to: number | null): number {
    const { session } = this;
    const { machine, settings } = session;
    const any = time.kind === "any";
    const latest = any ? machine.now + LONGEST : (to ?? from) + settings.tolerance;
    const what = action.kind === "tcp" ? describeAction(action) : action.kind;
    const until = latest + (any ? 0 : PATIENCE);
    while (machine.sent.length === 0 && machine.now < until) {
      machine.step(until);
      session.retry();
    }
    const sent = machine.sent.shift();
    if (!sent) throw new DrillFailure(line, `${what} at ${seconds(from)}, found no packet`);
    const seen = readPacket(sent);
    const differences = this.differences(action, seen);
    if (differences.length > 0) {
      const found = describeSeen(seen, session.connection);
      throw new DrillFailure(
        line,
        `\n      expected ${what}\n      found    ${found}\n      ${differences.join("\n      ")}`,
      );
    }
    if (any) return seen.at;
    const early = seen.at < from - settings.tolerance;
    if (early || seen.at > latest) {
      const wanted = to === null ? seconds(from) : `${seconds(from)}~${seconds(to)}`;
      const slack = `${settings.tolerance / MILLISECOND} ms`;
      throw new DrillFailure(
        line,
        `${what} at ${wanted} (tolerance ${slack}), found it at ${seconds(seen.at)}`,
      );
    }
    return from;
  }

  private differences(action: ScriptEvent["action"], seen: Seen): string[] {
    const { connection, settings, machine } = this.session;
    if (action.kind === "tcp") {
      const about = connection ?? this.session.forInbound(this.line);
      const slack = settings.timestampsTick ? settings.tolerance / MILLISECOND : Infinity;
      return compareSegment(action, seen, about, slack);
    }
    if (action.kind === "udp") return this.datagram(action, seen);
    const protocol = machine.family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    return seen.protocol === protocol ? [] : ["an ICMP message"];
  }

  private datagram(action: UdpAction, seen: Seen): string[] {
    const { connection } = this.session;
    if (seen.protocol !== IPPROTO_UDP) return ["a datagram"];
    if (connection && connection.localPort === 0) connection.localPort = seen.sourcePort;
    const length =
      action.length === seen.length ? [] : [`length ${action.length}, found ${seen.length}`];
    return [...length, ...compareIp(action.ip, seen)];
  }

  private call(action: CallAction, line: number, end: number | null): void {
    const { session } = this;
    const { tolerance } = session.settings;
    if (session.pending) this.settle(session.machine.now + tolerance);
    const attempt: Attempt = prepareCall(session, action, line);
    const finish = (outcome: Outcome, at: number): void => {
      this.compareResult(action, outcome, line);
      if (end !== null && Math.abs(at - end) > tolerance) {
        throw new DrillFailure(
          line,
          `${action.name} back at ${seconds(end)}, found ${seconds(at)}`,
        );
      }
    };
    const first = attempt();
    if (first) {
      finish(first, session.machine.now);
      return;
    }
    session.pending = { attempt, finish, line };
    if (end === null) this.settle(session.machine.now + tolerance);
  }

  /** Waits until `limit` for the call that has not come back. */
  private settle(limit: number): void {
    const { session } = this;
    const until = session.pending ? limit : session.machine.now;
    while (session.pending && session.machine.now < until) {
      session.machine.step(until);
      session.retry();
    }
    if (session.pending)
      throw new DrillFailure(session.pending.line, "the call to come back, it blocks");
  }

  private compareResult(action: CallAction, outcome: Outcome, line: number): void {
    const differences = [...outcome.differences];
    const right =
      agrees(action.result, outcome.value, line) &&
      (action.errno === null || action.errno === outcome.errno);
    if (!right) {
      const expected = `${valueText(action.result)} ${action.errno ?? ""}`.trim();
      differences.push(`${expected}, found ${outcome.value} ${outcome.errno ?? ""}`.trim());
    }
    if (differences.length === 0) return;
    const text = `${action.name}: expected ${differences.join("; ")}`;
    if (!this.session.settings.lenientCalls) throw new DrillFailure(line, text);
    this.session.machine.notes.push(`line ${line}: ${text}`);
  }
}

const seconds = (time: number): string => `${(time / SECOND).toFixed(6)} s`;
