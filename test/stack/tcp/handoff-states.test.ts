/** Connections handed over in each state and with all that can be under way, to another clock. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import { SHUT_WR, type Socket } from "../../../stack/socket.ts";
import { Stack } from "../../../stack/stack.ts";
import { exportConnection, importConnection } from "../../../stack/tcp/handoff.ts";
import * as states from "../../../stack/tcp/state.ts";
import { Tcb, unsent } from "../../../stack/tcp/tcb.ts";
import { Tcp } from "../../../stack/tcp/tcp.ts";
import { TimerWheel } from "../../../stack/timer-wheel.ts";
import { testRandom } from "../../support/random.ts";
import { accepted, SERVER, SERVER6, TcpPair } from "../../support/tcp-pair.ts";

/** One end: sends its bytes, shuts its direction behind them, keeps what comes. */
class End {
  so: Socket | null = null;
  readonly received: number[] = [];
  ended = false;
  /** Not to be read for now: the window shuts. */
  deaf = false;
  private sent = 0;
  private readonly bytes: Uint8Array;
  private readonly shuts: boolean;

  constructor(bytes: Uint8Array, shuts: boolean) {
    this.bytes = bytes;
    this.shuts = shuts;
  }

  serve(so: Socket): void {
    this.so = so;
    so.onReady = () => this.pump();
    this.pump();
  }

  pump(): void {
    const { so, bytes } = this;
    if (!so) return;
    while (this.sent < bytes.length) {
      const taken = so.send(bytes, 0, this.sent);
      if (typeof taken === "string") break;
      this.sent += taken;
    }
    if (this.shuts && this.sent === bytes.length && so.shutdown(SHUT_WR) === 0) this.sent++;
    const into = new Uint8Array(4096);
    while (!this.deaf && !this.ended) {
      const got = so.receive(into);
      if (typeof got === "string") return;
      if (got === 0) this.ended = true;
      this.received.push(...into.subarray(0, got));
    }
  }
}

interface Scene {
  /** Octets that the peer sends, and that the end handed over does. */
  peer: number;
  own: number;
  peerShuts?: boolean;
  ownShuts?: boolean;
  family?: 4 | 6;
  deaf?: boolean;
  /** Numbers, from 1, of packets with data toward the host that are lost before the move. */
  losing?: number[];
  /** The same, toward the peer. */
  losingBack?: number[];
  /** When it is handed over. */
  when: (tcb: Tcb) => boolean;
}

const MUCH = 60_000;
const inState = (state: number) => (tcb: Tcb) => tcb.state === state;

const SCENES: Readonly<Record<string, Scene>> = {
  "ESTABLISHED, early ranges with two holes": {
    peer: MUCH,
    own: 10,
    losing: [2, 5],
    when: (tcb) => tcb.early.count >= 2,
  },
  "ESTABLISHED, the peer missing five segments": {
    peer: 10,
    own: MUCH,
    losingBack: [1, 3, 5, 7, 9],
    when: (tcb) => tcb.sacked.count >= 5,
  },
  "ESTABLISHED, data unsent and unacknowledged": {
    peer: 0,
    own: MUCH,
    when: (tcb) => unsent(tcb) > 1000,
  },
  "ESTABLISHED, a shut window": {
    peer: 3 * MUCH,
    own: 0,
    deaf: true,
    when: (tcb) => tcb.receiveBuffer.length > 60_000,
  },
  "ESTABLISHED, a FIN that came early": {
    peer: 5000,
    own: 100,
    peerShuts: true,
    losing: [2],
    when: (tcb) => tcb.finEarly && tcb.state === states.ESTABLISHED,
  },
  "ESTABLISHED over IPv6": { peer: MUCH, own: MUCH, family: 6, when: (tcb) => unsent(tcb) > 1000 },
  "CLOSE-WAIT": {
    peer: 100,
    own: MUCH,
    peerShuts: true,
    when: inState(states.CLOSE_WAIT),
  },
  "FIN-WAIT-1, data unsent before the FIN": {
    peer: MUCH,
    own: MUCH,
    ownShuts: true,
    when: (tcb) => tcb.state === states.FIN_WAIT_1 && unsent(tcb) > 1000,
  },
  "FIN-WAIT-1": { peer: 3 * MUCH, own: 100, ownShuts: true, when: inState(states.FIN_WAIT_1) },
  "FIN-WAIT-2": { peer: 3 * MUCH, own: 100, ownShuts: true, when: inState(states.FIN_WAIT_2) },
  "LAST-ACK": {
    peer: 10,
    own: 3 * MUCH,
    peerShuts: true,
    ownShuts: true,
    when: inState(states.LAST_ACK),
  },
  CLOSING: { peer: 12_000, own: 0, peerShuts: true, ownShuts: true, when: inState(states.CLOSING) },
  "TIME-WAIT": {
    peer: 5000,
    own: 10,
    peerShuts: true,
    ownShuts: true,
    when: inState(states.TIME_WAIT),
  },
};

/** Loses the packets with data whose numbers are listed. */
const losing = (numbers: readonly number[]) => {
  let count = 0;
  return (m: { len: number }): boolean => m.len > 120 && numbers.includes(++count);
};

function playScene(scene: Scene, offset: number): void {
  const { family = 4 } = scene;
  const pair = new TcpPair({ seed: 7 });
  pair.toServer.delay = 5 * MILLISECOND;
  pair.toClient.delay = 5 * MILLISECOND;
  pair.run(1000 * SECOND);
  const clock = new TimerWheel();
  const step = (nanoseconds: number): void => {
    pair.run(nanoseconds);
    clock.advance(pair.clock.now() + offset);
  };
  step(0);
  const heir = new Stack({
    name: "heir",
    clock,
    random: testRandom(99),
    pool: pair.pool,
    interfaces: [
      {
        name: "if0",
        device: pair.toClient,
        addresses: [
          { address: SERVER, prefixLength: 24 },
          { address: SERVER6, prefixLength: 64 },
        ],
      },
    ],
  });
  const next = new Tcp(heir);
  const own = new End(testRandom(1).bytes(scene.own), scene.ownShuts ?? false);
  const peer = new End(testRandom(2).bytes(scene.peer), scene.peerShuts ?? false);
  own.deaf = scene.deaf ?? false;
  pair.listen(7, (so) => own.serve(so), 5, family);
  const so = pair.connect(7, family);
  pair.toServer.lose = losing(scene.losing ?? []);
  pair.toClient.lose = losing(scene.losingBack ?? []);
  peer.serve(so);
  for (let i = 0; i < 4000; i++) {
    const tcb = own.so?.pcb;
    if (tcb instanceof Tcb && scene.when(tcb)) break;
    step(MILLISECOND / 4);
  }
  const moving = own.so;
  const before = moving?.pcb;
  assert.ok(moving && before instanceof Tcb && scene.when(before), "the scene comes about");
  if (!moving || !(before instanceof Tcb)) return;
  const { state } = before;
  const early = before.early.octets;
  const socketState = moving.state;
  const retransmittedBefore = pair.client.stats.retransmittedSegments;
  const exported = exportConnection(pair.server, moving);
  if (typeof exported === "string") throw new Error(exported);
  pair.toServer.to = { stack: heir, interface: heir.interfaceNamed("if0") };
  const arrived = accepted(importConnection(next, exported));
  assert.is((arrived.pcb as Tcb).state, state);
  assert.is(arrived.state, socketState);
  own.deaf = false;
  own.serve(arrived);
  for (let i = 0; i < 20_000; i++) step(MILLISECOND);
  assert.is(Buffer.compare(Buffer.from(own.received), testRandom(2).bytes(scene.peer)), 0);
  assert.is(Buffer.compare(Buffer.from(peer.received), testRandom(1).bytes(scene.own)), 0);
  assert.equal([own.ended, peer.ended], [scene.peerShuts ?? false, scene.ownShuts ?? false]);
  // What came early came along: the peer fills the holes and nothing else.
  const again = pair.client.stats.retransmittedSegments - retransmittedBefore;
  if (early > 0) assert.ok(again <= (scene.losing?.length ?? 0), `${again} sent again`);
  // And what the peer has said it holds is not sent to it again.
  const ownAgain = next.stats.retransmittedSegments;
  if (scene.losingBack) assert.ok(ownAgain <= scene.losingBack.length, `${ownAgain} sent again`);
  so.close();
  arrived.close();
  for (let i = 0; i < 20; i++) step(10 * SECOND);
  assert.is(next.stats.resetsOut + pair.server.stats.resetsOut + pair.client.stats.resetsOut, 0);
  assert.equal([pair.client.live, next.live], [0, 0]);
  assert.is(clock.pending, 0);
  assert.is(pair.server.memory.outstanding + next.memory.outstanding, 0);
}

for (const [name, scene] of Object.entries(SCENES)) {
  test(`${name}: goes on elsewhere, whatever the clock there says`, () => {
    for (const offset of [0, -999 * SECOND, 12_345 * SECOND]) playScene(scene, offset);
  });
}

test.run();
