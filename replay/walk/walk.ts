/**
 * Figures 1 and 2 of Engel et al. from packets that two stacks really exchange: SYN, SYN-ACK, the
 * first data and the reply, with what TCP and IP of both ends held as each went by.
 */
import { MILLISECOND } from "../../stack/clock.ts";
import type { Mbuf } from "../../stack/mbuf.ts";
import { failed, POLLIN, POLLOUT, type Socket } from "../../stack/socket.ts";
import type { Stack } from "../../stack/stack.ts";
import type { Tcp } from "../../stack/tcp/tcp.ts";
import { formatV4 } from "../../stack/wire/address.ts";
import * as ipv4 from "../../stack/wire/ipv4.ts";
import * as wireTcp from "../../stack/wire/tcp.ts";
import { packetFields, routePicture } from "./fields.ts";
import { receivedNotes, sentNotes } from "./notes.ts";
import { type Handed, Lookout, tcpLayer } from "./observe.ts";
import type { TcpLayer, Walk, WalkChoice, WalkStep } from "./steps.ts";
import { verdict } from "./verdict.ts";
import { A, CLIENT_PORT, SERVER_PORT, type WalkWorld, walkWorld } from "./world.ts";

const REQUEST = new TextEncoder().encode("GET /\r\n");
const REPLY = new TextEncoder().encode("OK\r\n");
/** Before the first retransmission: what has not come by then does not come. */
const LIMIT = 500 * MILLISECOND;
const FIGURE: readonly WalkStep["label"][] = ["SYN", "SYN-ACK", "data", "reply"];

type Mutable = { -readonly [K in keyof WalkStep]: WalkStep[K] };

/** Runs the exchange. The same choice gives the same bytes. */
export function walk(choice: WalkChoice): Walk {
  const world = walkWorld(choice);
  const recorder = new Recorder(world);
  let replied = false;
  converse(world, recorder.told, () => {
    replied = true;
  });
  const { clock } = world;
  while (!replied && clock.next() <= LIMIT) clock.advance(clock.next());

  const steps: WalkStep[] = [];
  const between: { after: number; step: WalkStep }[] = [];
  for (const step of recorder.steps) {
    const drawn = FIGURE.includes(step.label) && !steps.some((s) => s.label === step.label);
    if (drawn) steps.push(step);
    else between.push({ after: steps.length, step });
  }
  return { choice, names: world.names, steps, between, verdict: verdict(choice, steps) };
}

/**
 * A request and its reply over a connection; the server's user is `told` of the request before it
 * answers; `done` when the client has read the reply.
 */
function converse(
  { client, server, clientAddress }: WalkWorld,
  told: (host: Tcp) => void,
  done: () => void,
): void {
  const into = new Uint8Array(64);
  const listener = server.socket(4);
  must(listener.bind(0, SERVER_PORT));
  must(listener.listen(1));
  listener.onReady = () => {
    const so = listener.accept();
    if (failed(so)) return;
    so.onReady = (_, events) => {
      if ((events & POLLIN) === 0) return;
      told(server);
      if (Number(so.receive(into)) > 0) must(so.send(REPLY));
    };
  };
  const so: Socket = client.socket(4);
  must(so.bind(clientAddress, CLIENT_PORT));
  let asked = false;
  so.onReady = (_, events) => {
    if (events & POLLOUT && !asked) must(so.send(REQUEST));
    asked ||= (events & POLLOUT) !== 0;
    if (events & POLLIN && Number(so.receive(into)) > 0) done();
  };
  so.connect(A, SERVER_PORT);
}

function must(result: unknown): void {
  if (failed(result)) throw new Error(`walk: ${result}`);
}

/** Writes down every packet and the layers around it. */
class Recorder {
  readonly steps: Mutable[] = [];
  private readonly world: WalkWorld;
  /** What TCP is looking at now, and its control block before the user is told of it. */
  private handed: Handed | null = null;
  private answered: TcpLayer | null = null;
  /** Pins that the server's `ip_output` has inserted up to now. */
  private pins = 0;
  /** By which interface a packet came from the wire. */
  private readonly entries = new Map<Mutable, string>();

  constructor(world: WalkWorld) {
    this.world = world;
    world.clientEnd.onSend = (m) => this.sent(m, "client", "if0");
    world.serverEnds.forEach((end, i) => {
      end.onSend = (m) => this.sent(m, "server", `if${i}`);
    });
    for (const end of [world.clientEnd, ...world.serverEnds]) {
      end.onArrival = (m, entry) => {
        const step = this.unreceived(m.view.getUint16(m.off + 4), end.far);
        if (step) this.entries.set(step, entry);
      };
    }
    for (const host of [world.client, world.server]) {
      new Lookout(
        host,
        (handed) => {
          this.handed = handed;
          this.answered = null;
        },
        () => this.received(host),
      );
    }
  }

  /** The user of `host` is about to be told of what it was handed, and may answer at once. */
  readonly told = (host: Tcp): void => {
    if (this.handed) this.answered ??= tcpLayer(host);
  };

  private sent(m: Mbuf, sender: "client" | "server", out: string): void {
    const { world } = this;
    const wire = m.bytes.slice(m.off, m.off + m.len);
    const view = new DataView(wire.buffer);
    const host = world[sender];
    const route = routePicture(view, 0);
    const tcp = tcpLayer(host);
    if (this.handed) this.answered ??= tcp;
    const { pinnedTransmit } = host.stack.stats;
    const pinned = sender === "server" && pinnedTransmit > this.pins;
    if (sender === "server") this.pins = pinnedTransmit;
    const notes = sentNotes(host.stack, tcp, wire, out, pinned, world.names);
    this.steps.push({
      label: labelOf(view, sender),
      sender,
      from: formatV4(ipv4.source(view, 0)),
      to: formatV4(ipv4.destination(view, 0)),
      wire: Buffer.from(wire).toString("hex"),
      fields: packetFields(wire, (address) => named(address, world.names)),
      route,
      sending: { tcp, ip: { interface: out, notes, route } },
      receiving: null,
    });
  }

  /** After TCP of `host` has looked at what it was handed. */
  private received(host: Tcp): void {
    const { handed, world } = this;
    this.handed = null;
    if (!handed) return;
    const view = new DataView(handed.packet.buffer);
    const step = this.unreceived(view.getUint16(4), host.stack);
    if (!step) return;
    const entry = this.entries.get(step) ?? handed.interface;
    const route = routePicture(view, 0);
    const tcp = this.answered ?? tcpLayer(host);
    const notes = receivedNotes(host.stack, handed, step, entry, world.names);
    step.receiving = { tcp, ip: { interface: entry, notes, route } };
  }

  /** The packet on its way to `host` with that IP identification. */
  private unreceived(identification: number, host: Stack | null): Mutable | undefined {
    const hex = identification.toString(16).padStart(4, "0");
    return this.steps.find(
      ({ receiving, sender, wire }) =>
        receiving === null && this.world[sender].stack !== host && wire.slice(8, 12) === hex,
    );
  }
}

/** `A 203.0.113.9`. */
const named = (address: string, names: Readonly<Record<string, string>>): string =>
  names[address] ? `${names[address]} ${address}` : address;

function labelOf(view: DataView, sender: "client" | "server"): WalkStep["label"] {
  const at = ipv4.headerLength(view, 0);
  const flags = wireTcp.flags(view, at);
  if (flags & wireTcp.TH_SYN) return flags & wireTcp.TH_ACK ? "SYN-ACK" : "SYN";
  const payload = ipv4.totalLength(view, 0) - at - wireTcp.dataOffset(view, at);
  if (payload === 0) return "ACK";
  return sender === "client" ? "data" : "reply";
}
