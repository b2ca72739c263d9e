/**
 * Both sides of UDP flows. The client sends its datagrams evenly over the recorded duration; the
 * server that got the first one holds the flow and answers each with its share of the recorded
 * datagrams. Other servers know nothing of the flow and ignore what strays to them.
 */
import type { Clock } from "../../stack/clock.ts";
import type { ClientProfile } from "../../stack/config.ts";
import { POLLIN, type Socket } from "../../stack/socket.ts";
import type { UdpSocket } from "../../stack/udp/udp.ts";
import type { UdpPcb } from "../../stack/udp/udp-pcb.ts";
import { IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { PATIENCE, PAYLOAD } from "./client-app.ts";
import { CONNECTING, type Connection, OPEN, OVER } from "./connection.ts";
import type { FlowTable } from "./flow-table.ts";
import type { End } from "./outcome.ts";
import { ServerSide } from "./server-side.ts";
import type { Host } from "./wiring/hosts.ts";

const LONGEST = 65_000;
const SINK = new Uint8Array(65536);

/** How many datagrams carry what was recorded: as many as were, more where they would be too long. */
const datagrams = (packets: number, bytes: number): number =>
  Math.max(packets, Math.ceil(bytes / LONGEST));

/** Bytes of datagram `k` of `count` that carry `bytes`. */
const sizeOf = (bytes: number, count: number, k: number): number =>
  Math.floor((bytes * (k + 1)) / count) - Math.floor((bytes * k) / count);

export class UdpApp {
  private readonly clock: Clock;
  private readonly flows: FlowTable;
  private readonly clients: readonly Host[];
  private readonly servers: readonly Host[];
  private readonly profiles: readonly ClientProfile[];
  private readonly onEnd: (connection: Connection, end: End, how: string) => void;
  private readonly ports = new Set<number>();

  constructor(
    clock: Clock,
    flows: FlowTable,
    clients: readonly Host[],
    servers: readonly Host[],
    profiles: readonly ClientProfile[],
    onEnd: (connection: Connection, end: End, how: string) => void,
  ) {
    this.clock = clock;
    this.flows = flows;
    this.clients = clients;
    this.servers = servers;
    this.profiles = profiles;
    this.onEnd = onEnd;
  }

  /** Sees to it that all servers take datagrams on `port`. */
  listen(port: number): void {
    if (this.ports.has(port)) return;
    this.ports.add(port);
    this.servers.forEach((host, server) => {
      const listener = host.udp.socket(4);
      listener.bind(0, port);
      listener.onReady = (_so, events) => {
        if (events & POLLIN) this.takeFirst(listener, server);
      };
    });
  }

  open(connection: Connection): void {
    const so = this.clients[connection.population].udp.socket(4);
    const { pcb } = so;
    if (!pcb) return;
    pcb.local = connection.client;
    pcb.localPort = connection.clientPort;
    so.context = connection;
    so.onReady = () => this.answered(connection, so);
    connection.socket = so;
    connection.phase = CONNECTING;
    so.connect(connection.server, connection.serverPort);
    this.expire(connection, this.clock.now());
  }

  /** The next datagram is due, or the end. */
  expire(connection: Connection, now: number): void {
    if (connection.phase === OVER) return;
    const count = Math.max(1, datagrams(connection.clientPackets, connection.clientBytes));
    if (connection.sent < count) {
      this.ask(connection, count);
      const share = count > 1 ? connection.sent / (count - 1) : 1;
      const due = connection.openAt + share * connection.duration;
      const next = connection.sent < count ? due : connection.endAt;
      this.clock.schedule(connection, Math.max(now, next));
      return;
    }
    if (!connection.ended) {
      connection.ended = true;
      this.clock.schedule(connection, now + PATIENCE);
    } else {
      const nothing = connection.received === 0 && connection.serverPackets > 0;
      this.over(connection, nothing ? "neverOpened" : "timedOut", "datagrams missing");
      return;
    }
    this.finish(connection);
  }

  /** Lets go of what the servers have of a flow. */
  release(connection: Connection): void {
    for (let side = connection.sides; side; side = side.sibling) side.socket?.close();
    connection.sides = null;
  }

  private ask(connection: Connection, count: number): void {
    const { socket } = connection;
    const size = sizeOf(connection.clientBytes, count, connection.sent);
    connection.sent++;
    if (!socket) return;
    this.forgetRoute(connection);
    socket.send(PAYLOAD, 0, 0, size);
  }

  /** What the client's kernel does with a source route: only the paper's reverses it. */
  private forgetRoute(connection: Connection): void {
    if (this.profiles[connection.population] === "engel") return;
    const pcb = connection.socket?.pcb as UdpPcb | null;
    if (pcb) pcb.peerRoute = null;
  }

  private answered(connection: Connection, so: UdpSocket): void {
    so.takeError();
    while (typeof so.receive(SINK) === "number") connection.received++;
    if (connection.received > 0 && connection.phase === CONNECTING) connection.phase = OPEN;
    this.finish(connection);
  }

  /** All that was recorded has arrived: the flow ends as it did, in silence. */
  private finish(connection: Connection): void {
    if (!connection.ended || connection.phase === OVER) return;
    const answers = datagrams(connection.serverPackets, connection.serverBytes);
    const asked = connection.sides?.steps ?? 0;
    if (connection.received < answers || asked < connection.sent) return;
    this.over(connection, "completed", "");
  }

  private over(connection: Connection, end: End, how: string): void {
    connection.phase = OVER;
    this.clock.cancel(connection);
    this.onEnd(connection, end, how);
  }

  private takeFirst(listener: UdpSocket, server: number): void {
    for (;;) {
      const datagram = listener.receiveFrom(SINK);
      if (typeof datagram === "string") return;
      const { address, port, destination } = datagram;
      const { pcb } = listener;
      if (typeof address !== "number" || typeof destination !== "number" || !pcb) continue;
      const c = this.flows.find(IPPROTO_UDP, address, port, destination, pcb.localPort);
      if (!c || c.holder !== server || c.sides) continue;
      const side = new ServerSide(() => {});
      side.server = server;
      side.connection = c;
      side.socket = this.child(listener, server, c, side);
      c.sides = side;
      this.answer(side);
    }
  }

  /** A socket of the flow's own, which answers from the address that was asked. */
  private child(listener: UdpSocket, server: number, c: Connection, side: ServerSide): Socket {
    const so = this.servers[server].udp.socket(4);
    const pcb = so.pcb as UdpPcb;
    pcb.local = c.server;
    pcb.localPort = c.serverPort;
    so.connect(c.client, c.clientPort);
    const { peers } = listener.pcb as UdpPcb;
    pcb.peerRoute = peers.find(c.client, c.clientPort, this.clock.now())?.options ?? null;
    so.onReady = () => {
      so.takeError();
      while (typeof so.receive(SINK) === "number") this.answer(side);
    };
    return so;
  }

  /** One datagram more has arrived: the share of the answers that belongs to it goes out. */
  private answer(side: ServerSide): void {
    const { connection, socket } = side;
    if (!connection || !socket) return;
    side.steps++;
    const asked = Math.max(1, datagrams(connection.clientPackets, connection.clientBytes));
    const answers = datagrams(connection.serverPackets, connection.serverBytes);
    const due = Math.min(answers, Math.ceil((answers * side.steps) / asked));
    while (side.sent < due) {
      socket.send(PAYLOAD, 0, 0, sizeOf(connection.serverBytes, answers, side.sent));
      side.sent++;
    }
    this.finish(connection);
  }
}
