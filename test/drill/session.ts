/** One run of one script: the machine, the connection its packets belong to, and what waits. */
import type { Endpoint } from "../../stack/in-pcb.ts";
import type { Socket } from "../../stack/socket.ts";
import type { Tcb } from "../../stack/tcp/tcb.ts";
import { Connection } from "./connection.ts";
import { Machine } from "./machine.ts";
import { DrillFailure } from "./model.ts";
import type { Outcome } from "./outcome.ts";
import type { Settings } from "./settings.ts";

/** Ports of peers that connect to the stack, counted up. */
const FIRST_PEER_PORT = 40_000;

/** A call that has not come back. */
export interface Pending {
  attempt: () => Outcome | null;
  /** Told once, with the time it came back at. */
  finish: (outcome: Outcome, at: number) => void;
  line: number;
}

export class Session {
  readonly settings: Settings;
  readonly machine: Machine;
  connection: Connection | null = null;
  pending: Pending | null = null;
  private peers = 0;

  constructor(settings: Settings) {
    this.settings = settings;
    this.machine = new Machine(settings);
  }

  /** A socket has a port of its own: packets of the script go there. */
  bound(socket: Socket): void {
    this.connection = this.peerOf(socket.pcb, false);
  }

  listening(socket: Socket): void {
    this.connection = this.peerOf(socket.pcb, true);
  }

  /** Its own port is known already if the socket was bound; else the first packet tells it. */
  connecting(socket: Socket, port: number): void {
    this.connection = new Connection(socket.pcb?.localPort ?? 0, port, false);
  }

  /** The connection that a packet from the wire belongs to; a first SYN begins one. */
  forInbound(line: number): Connection {
    if (!this.connection) {
      this.connection = new Connection(this.settings.bindPort, FIRST_PEER_PORT, false);
    }
    const { connection } = this;
    if (connection.localPort === 0) {
      throw new DrillFailure(line, "a packet for a connection whose SYN was not expected yet");
    }
    connection.listening = false;
    return connection;
  }

  /** The control block of that connection; that of a descriptor when it has left the tables. */
  tcb(): Tcb | null {
    const { machine, connection } = this;
    if (connection) {
      const { local, remote, tcp } = machine;
      const found = tcp.table.find(local, connection.localPort, remote, connection.remotePort);
      if (found) return found;
    }
    for (const { socket, datagram } of [...machine.descriptors.values()].reverse()) {
      if (!datagram && socket.pcb) return socket.pcb as Tcb;
    }
    return null;
  }

  /** Moves time to `to`, seeing after the call that waits. */
  advance(to: number): void {
    const { machine } = this;
    while (machine.now < to) {
      machine.step(to);
      this.retry();
    }
    this.retry();
  }

  /** Tries the call that waits again. */
  retry(): void {
    const { pending } = this;
    const outcome = pending?.attempt();
    if (!pending || !outcome) return;
    this.pending = null;
    pending.finish(outcome, this.machine.now);
  }

  private peerOf(pcb: Endpoint | null, listening: boolean): Connection {
    return new Connection(pcb?.localPort ?? 0, FIRST_PEER_PORT + this.peers++, listening);
  }
}
