/**
 * The servers' side: takes connections on every port of the trace, waits for the whole request,
 * answers at the recorded pace, and closes when the client has.
 */
import type { Clock } from "../../stack/clock.ts";
import { isAnyAddress } from "../../stack/in-pcb.ts";
import { failed, POLLIN, type Socket, SS_CANT_RECEIVE } from "../../stack/socket.ts";
import { IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { isNode } from "./addressing.ts";
import { partAt, responseParts } from "./behaviour.ts";
import { PAYLOAD, swallow } from "./client-app.ts";
import type { Connection } from "./connection.ts";
import { ANY_SERVER, type FlowTable } from "./flow-table.ts";
import { ServerSide } from "./server-side.ts";
import { discard } from "./silence.ts";
import type { Host } from "./wiring/hosts.ts";

const BACKLOG = 1 << 20;
/** How long a server keeps what its client has given up, nanoseconds. */
const ORPHAN = 5e9;

export class ServerApp {
  private readonly clock: Clock;
  private readonly flows: FlowTable;
  private readonly hosts: readonly Host[];
  private readonly ports = new Set<number>();
  private readonly idle: ServerSide[] = [];
  private readonly ready = (so: Socket): void => this.happened(so);
  private readonly due = (side: ServerSide): void => this.respond(side);

  constructor(clock: Clock, flows: FlowTable, hosts: readonly Host[]) {
    this.clock = clock;
    this.flows = flows;
    this.hosts = hosts;
  }

  /** Sees to it that all servers take connections on `port`. */
  listen(port: number): void {
    if (this.ports.has(port)) return;
    this.ports.add(port);
    this.hosts.forEach((host, server) => {
      const listener = host.tcp.socket(4);
      listener.bind(0, port);
      listener.listen(BACKLOG);
      listener.onReady = (so, events) => {
        if (events & POLLIN) this.acceptAll(so, server);
      };
    });
  }

  /**
   * The connection is over for its client. What servers still have of it goes on by itself until the
   * client's last segments, or resets, end it; in `silence`, it is gone at once.
   */
  release(connection: Connection, silence: boolean): void {
    for (let side = connection.sides; side; ) {
      const { sibling, socket, server } = side;
      if (socket && silence) discard(this.hosts[server].tcp, socket);
      if (socket && !silence) this.orphan(side);
      else this.recycle(side);
      side = sibling;
    }
    connection.sides = null;
  }

  /** Ends of connections at `server` are gone: its memory is lost. */
  forget(server: number): void {
    this.flows.forEach((connection) => {
      for (let side = connection.sides; side; side = side.sibling) {
        if (side.server !== server || !side.socket) continue;
        side.socket.onReady = null;
        // Control blocks of TCP are taken away by whoever ended the server; a datagram socket has none.
        if (connection.protocol === IPPROTO_UDP) side.socket.close();
        side.socket = null;
        this.clock.cancel(side);
      }
    });
  }

  private acceptAll(listener: Socket, server: number): void {
    for (;;) {
      const so = listener.accept();
      if (typeof so === "string") return;
      const connection = this.connectionOf(so);
      if (!connection) {
        // Its client is gone: nobody will ever say anything on it.
        discard(this.hosts[server].tcp, so);
        continue;
      }
      const side = this.idle.pop() ?? new ServerSide(this.due);
      side.server = server;
      side.connection = connection;
      side.socket = so;
      side.sibling = connection.sides;
      connection.sides = side;
      so.context = side;
      so.onReady = this.ready;
      this.happened(so);
    }
  }

  private connectionOf(so: Socket): Connection | null {
    const { pcb } = so;
    if (!pcb || typeof pcb.remote !== "number" || typeof pcb.local !== "number") return null;
    const service = isAnyAddress(pcb.local) || isNode(pcb.local) ? ANY_SERVER : pcb.local;
    return this.flows.find(IPPROTO_TCP, pcb.remote, pcb.remotePort, service, pcb.localPort);
  }

  private happened(so: Socket): void {
    const side = so.context as ServerSide;
    const { connection } = side;
    const broken = so.takeError() !== null;
    if (!broken) side.received += swallow(so);
    if ((so.state & SS_CANT_RECEIVE) !== 0) side.peerClosed = true;
    if (!connection) {
      if (broken || side.peerClosed) this.bury(side);
      return;
    }
    if (broken) {
      this.leave(side);
      return;
    }
    if (!side.responding && (side.peerClosed || side.received >= connection.clientBytes)) {
      side.responding = true;
      this.schedule(side);
    } else if (side.sent < side.allowed) this.send(side);
    this.closeWhenDone(side);
  }

  /** Part of the response is due. */
  private respond(side: ServerSide): void {
    const { connection, socket } = side;
    if (!connection) {
      if (socket) discard(this.hosts[side.server].tcp, socket);
      this.recycle(side);
      return;
    }
    if (!socket) return;
    const parts = responseParts(connection);
    side.steps++;
    side.allowed = Math.floor((connection.serverBytes * side.steps) / parts);
    this.send(side);
    this.schedule(side);
    this.closeWhenDone(side);
  }

  /** Arms the call for the next part that is not due yet; what is due goes out at once. */
  private schedule(side: ServerSide): void {
    const { connection } = side;
    if (!connection || connection.serverBytes === 0) return;
    const parts = responseParts(connection);
    const now = this.clock.now();
    let { steps } = side;
    while (steps < parts && (side.peerClosed || partAt(connection, steps, parts) <= now)) steps++;
    if (steps > side.steps) {
      side.steps = steps;
      side.allowed = Math.floor((connection.serverBytes * steps) / parts);
      this.send(side);
    }
    if (steps < parts) this.clock.schedule(side, partAt(connection, steps, parts));
  }

  private send(side: ServerSide): void {
    while (side.socket && side.sent < side.allowed) {
      const count = Math.min(PAYLOAD.length, side.allowed - side.sent);
      const taken = side.socket.send(PAYLOAD, 0, 0, count);
      if (failed(taken)) return;
      side.sent += taken;
    }
  }

  private closeWhenDone(side: ServerSide): void {
    const { connection, socket } = side;
    if (!connection || !socket || !side.peerClosed || side.sent < connection.serverBytes) return;
    this.leave(side);
  }

  /** Closes the socket, whose last segments the stack sends by itself. */
  private leave(side: ServerSide): void {
    const { socket } = side;
    this.clock.cancel(side);
    side.socket = null;
    socket?.close();
  }

  private orphan(side: ServerSide): void {
    side.connection = null;
    side.sibling = null;
    this.clock.schedule(side, this.clock.now() + ORPHAN);
  }

  private bury(side: ServerSide): void {
    this.leave(side);
    this.recycle(side);
  }

  private recycle(side: ServerSide): void {
    this.clock.cancel(side);
    side.reset();
    this.idle.push(side);
  }
}
