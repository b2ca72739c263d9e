/**
 * The stack engine: every connection of a trace runs again as real TCP (or UDP) between a client
 * stack and server stacks that share its address, over a virtual network on virtual time.
 *
 * One `Emulation` is one design, one policy and one mix of clients. Connections are streamed through
 * it in order of start; memory follows those that are open.
 */
import { MbufPool } from "../../stack/mbuf.ts";
import { TimerWheel } from "../../stack/timer-wheel.ts";
import { IPPROTO_TCP, IPPROTO_UDP } from "../../stack/wire/ipv4.ts";
import { CLOSE_FIN, CLOSE_RESET } from "../../traces/connection.ts";
import { Ledger } from "../network/ledger.ts";
import { Addressing } from "./addressing.ts";
import { AssignmentLog } from "./assignment-log.ts";
import { describe } from "./behaviour.ts";
import { ClientApp } from "./client-app.ts";
import { Connection } from "./connection.ts";
import { FirstPicks } from "./dispatch/first-picks.ts";
import { PolicyPoint } from "./dispatch/policy-point.ts";
import { RouterChooser } from "./dispatch/router-chooser.ts";
import { Endpoints, populationOf } from "./endpoints.ts";
import { FlowTable } from "./flow-table.ts";
import { Observer } from "./observer.ts";
import { type End, type Outcome, OutcomeCounter } from "./outcome.ts";
import type { RecordedRows } from "./recorded-rows.ts";
import { ServerApp } from "./server-app.ts";
import type { EmulationSettings } from "./settings.ts";
import { discard } from "./silence.ts";
import { UdpApp } from "./udp-app.ts";
import type { World } from "./wiring/hosts.ts";
import { Network } from "./wiring/network.ts";

/**
 * Virtual time is whole nanoseconds in a double. A damaged clock may say that a connection began
 * centuries later: what begins after 52 days begins then.
 */
const LATEST = 2 ** 52;

/** What one run came to. */
export interface EmulationResult {
  outcome: Outcome;
  /** As the flow engine's: over the server that each connection's first packet reached. */
  assignments: string;
  ledger: Ledger;
  /** Connections of other protocols than TCP and UDP, which are not run. */
  skipped: number;
  /** Ends of connections that had to be given other addresses than recorded. */
  standIns: number;
  /** Figures of what routers remember, where they do. */
  tables: readonly Readonly<Record<string, number>>[];
  /** Buffers, timers and control blocks left over: all 0. */
  left: { buffers: number; timers: number; blocks: number };
}

export class Emulation {
  readonly clock = new TimerWheel();
  readonly network: Network;
  readonly points: readonly PolicyPoint[];
  readonly choosers: readonly RouterChooser[];
  readonly servers: ServerApp;
  readonly flows = new FlowTable();
  private readonly settings: EmulationSettings;
  private readonly ledger = new Ledger();
  private readonly pool = new MbufPool();
  private readonly counter = new OutcomeCounter();
  private readonly log = new AssignmentLog();
  private readonly picks: FirstPicks;
  private readonly addressing: Addressing;
  private readonly observer: Observer;
  private readonly endpoints: Endpoints;
  private readonly clients: ClientApp;
  private readonly datagrams: UdpApp;
  private readonly idle: Connection[] = [];
  private readonly wake = (connection: Connection, now: number): void => {
    if (connection.protocol === IPPROTO_UDP) this.datagrams.expire(connection, now);
    else this.clients.expire(connection, now);
  };
  private opened = 0;
  private skipped = 0;
  private latest = Number.NEGATIVE_INFINITY;

  constructor(settings: EmulationSettings) {
    this.settings = settings;
    const { policy, servers, seed, design, topology, clients } = settings;
    const profiles = clients.map(({ profile }) => profile);
    const label = (i: number) => (i === 0 || topology.agree ? "" : `/router-${i + 1}`);
    const makePoint = (_: unknown, i: number) => new PolicyPoint(policy, servers, seed, label(i));
    const distinct = topology.agree ? 1 : topology.routers;
    this.points = Array.from({ length: distinct }, makePoint);
    this.choosers = Array.from({ length: topology.routers }, (_, i) => {
      const point = this.points[i] ?? this.points[0];
      return new RouterChooser(point, this.flows, point === this.points[0], design.makeBinding?.());
    });
    this.picks = new FirstPicks(this.points[0]);
    this.addressing = new Addressing(this.flows, (...ends) => this.endpoints.isBusy(...ends));
    this.observer = new Observer(this.flows, this.counter, (connection) =>
      this.log.reached(connection.id, connection.firstServer),
    );
    this.observer.keeping = settings.keepEvidence ?? false;
    const world: World = {
      clock: this.clock,
      pool: this.pool,
      seed,
      observer: this.observer,
      services: this.addressing.services,
    };
    this.network = new Network(world, this.ledger, {
      topology,
      design,
      servers,
      profiles,
      populationOf: (address) => populationOf(settings, address),
      isClient: (address) => this.addressing.isClient(address),
      choosers: this.choosers,
    });
    this.endpoints = new Endpoints(settings, this.network);
    const { populations, servers: hosts } = this.network;
    const onEnd = (connection: Connection, end: End, how: string) => this.end(connection, end, how);
    const onOpen = (connection: Connection) => this.settleHolder(connection);
    this.clients = new ClientApp(this.clock, populations, onOpen, onEnd);
    this.servers = new ServerApp(this.clock, this.flows, hosts);
    this.datagrams = new UdpApp(this.clock, this.flows, populations, hosts, profiles, onEnd);
  }

  /** Opens the connections of `recorded`, each at its time, running all others on meanwhile. */
  take(recorded: RecordedRows): void {
    const { rows, first, end } = recorded;
    for (let row = first; row < end; row++) {
      const opens = Math.max(rows.start[row], this.latest);
      this.latest = opens;
      const protocol = rows.protocol[row];
      const at = Math.min(opens, LATEST);
      this.clock.advance(at);
      const pick = this.picks.pick(rows, row, opens);
      if (protocol !== IPPROTO_TCP && protocol !== IPPROTO_UDP) {
        this.skipped++;
        this.log.opened();
        this.log.reached(this.opened++, pick);
        continue;
      }
      this.open(recorded, row, at, pick);
    }
  }

  /** Runs on until nothing is left to happen. */
  finish(): EmulationResult {
    for (
      let next = this.clock.next();
      next !== Number.POSITIVE_INFINITY;
      next = this.clock.next()
    ) {
      this.clock.advance(Math.max(next, this.clock.now()));
    }
    const hosts = [...this.network.populations, ...this.network.servers];
    const blocks = hosts.reduce((sum, { tcp }) => sum + tcp.table.connected, 0);
    return {
      outcome: this.counter.summary(this.network.slowPath),
      assignments: this.log.digest(),
      ledger: this.ledger,
      skipped: this.skipped,
      standIns: this.addressing.standIns,
      tables: this.choosers.flatMap(({ binding }) => (binding ? [binding.figures()] : [])),
      left: { buffers: this.pool.outstanding, timers: this.clock.pending, blocks },
    };
  }

  private open({ rows, pace }: RecordedRows, row: number, opens: number, pick: number): void {
    const connection = this.idle.pop() ?? new Connection(this.wake);
    connection.id = this.opened++;
    this.log.opened();
    connection.protocol = rows.protocol[row];
    connection.openAt = opens;
    for (let i = 0; i < 4; i++) connection.words[i] = rows.client[4 * row + i];
    connection.clientPort = rows.clientPort[row];
    connection.serverPort = rows.serverPort[row];
    connection.firstPick = pick;
    describe(connection, rows, pace, row);
    const known = this.addressing.services.size;
    connection.server = this.addressing.serverOf(rows, row);
    if (this.addressing.services.size > known) this.network.addService(connection.server);
    connection.client = this.addressing.clientOf(rows, row, connection.server);
    connection.population = populationOf(this.settings, connection.client);
    this.flows.add(connection);
    this.settings.opened?.(connection);
    const isUdp = connection.protocol === IPPROTO_UDP;
    (isUdp ? this.datagrams : this.servers).listen(connection.serverPort);
    (isUdp ? this.datagrams : this.clients).open(connection);
  }

  private end(connection: Connection, end: End, how: string): void {
    this.counter.end(connection, end, how);
    this.log.reached(connection.id, connection.firstServer);
    this.settings.ended?.(connection, end, how);
    this.flows.remove(connection);
    this.letGo(connection, end);
    connection.reset();
    this.idle.push(connection);
  }

  private letGo(connection: Connection, end: End): void {
    const { socket, close, protocol } = connection;
    if (protocol === IPPROTO_UDP) {
      socket?.close();
      this.datagrams.release(connection);
      return;
    }
    const silent = end === "completed" && close !== CLOSE_FIN && close !== CLOSE_RESET;
    if (socket && silent) discard(this.network.populations[connection.population].tcp, socket);
    else if (socket) {
      if (end === "timedOut") socket.linger = { on: true, seconds: 0 };
      socket.close();
    }
    this.servers.release(connection, silent);
  }

  /** Of the servers that answered one connection's SYNs, the one that the client took holds it. */
  private settleHolder(connection: Connection): void {
    if (connection.splits === 0) return;
    const holder = this.endpoints.holder(connection);
    if (holder >= 0) connection.holder = holder;
  }
}
