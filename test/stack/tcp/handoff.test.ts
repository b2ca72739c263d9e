/** Connections handed to another host in mid-transfer go on, and the peer never knows. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import { SHUT_WR, type Socket } from "../../../stack/socket.ts";
import { Stack } from "../../../stack/stack.ts";
import {
  type ExportedConnection,
  exportConnection,
  importConnection,
} from "../../../stack/tcp/handoff.ts";
import { Tcp } from "../../../stack/tcp/tcp.ts";
import { fromHex, icmpError, ip, ipPacket } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";
import { accepted, SERVER, TcpPair } from "../../support/tcp-pair.ts";
import { MSS_1460, type TcpWorld, tcpWorld } from "../../support/world-tcp.ts";
import { C, hexOf, R1, U } from "../../support/world-w.ts";

/** What a worker or a file would make of it: JSON, with bytes as arrays. */
function throughJson(exported: ExportedConnection): ExportedConnection {
  const text = JSON.stringify(exported, (_, value) =>
    value instanceof Uint8Array ? { octets: [...value] } : value,
  );
  return JSON.parse(text, (_, value) => (value?.octets ? Uint8Array.from(value.octets) : value));
}

/** Answers everything it reads with the same bytes; moves to another socket when told. */
class Echo {
  private held: Uint8Array = new Uint8Array(0);
  private readonly buffer = new Uint8Array(8192);

  serve(so: Socket): void {
    so.onReady = () => this.ready(so);
    this.ready(so);
  }

  private ready(so: Socket): void {
    for (;;) {
      if (this.held.length > 0) {
        const taken = so.send(this.held);
        if (typeof taken === "string") return;
        this.held = this.held.slice(taken);
        if (this.held.length > 0) return;
      }
      const got = so.receive(this.buffer);
      if (typeof got === "string") return;
      if (got === 0) {
        so.close();
        return;
      }
      this.held = this.buffer.slice(0, got);
    }
  }
}

for (const [name, loss] of [
  ["on a good link", 0],
  ["over 5 % loss", 50],
] as const) {
  test(`a connection moves to a third host in the middle of a transfer, ${name}`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const pair = new TcpPair({ seed });
      pair.toServer.delay = MILLISECOND;
      pair.toClient.delay = MILLISECOND;
      const faults = { loss, duplicate: 10, reorder: 50, corrupt: 0 };
      if (loss) pair.toServer.faults = faults;
      if (loss) pair.toClient.faults = faults;
      const heir = new Stack({
        name: "heir",
        clock: pair.clock,
        random: testRandom(seed + 99),
        pool: pair.pool,
        interfaces: [
          {
            name: "if0",
            device: pair.toClient,
            addresses: [{ address: SERVER, prefixLength: 24 }],
          },
        ],
      });
      const next = new Tcp(heir);
      let held: Socket | null = null;
      const echo = new Echo();
      const listener = pair.listen(7, (so) => {
        held = so;
        echo.serve(so);
      });
      const data = testRandom(seed).bytes(300_000);
      const so = pair.connect(7);
      let sent = 0;
      let received = 0;
      let wrong = 0;
      let ended = false;
      const buffer = new Uint8Array(8192);
      so.onReady = () => {
        while (sent < data.length) {
          const taken = so.send(data, 0, sent);
          if (typeof taken === "string") break;
          sent += taken;
        }
        if (sent === data.length && so.shutdown(SHUT_WR) === 0) sent++;
        for (;;) {
          const got = so.receive(buffer);
          if (typeof got === "string") return;
          if (got === 0) ended = true;
          if (got === 0) return;
          for (let i = 0; i < got; i++) if (buffer[i] !== data[received++]) wrong++;
        }
      };
      pair.run((4 + (seed % 8)) * MILLISECOND);
      while (held === null) pair.run(MILLISECOND);
      const exported = exportConnection(pair.server, held);
      if (typeof exported === "string") throw new Error(exported);
      pair.toServer.to = { stack: heir, interface: heir.interfaceNamed("if0") };
      echo.serve(accepted(importConnection(next, throughJson(exported))));
      pair.settle(200 * SECOND);
      assert.equal(
        [received, wrong, ended, so.error],
        [data.length, 0, true, null],
        `seed ${seed}`,
      );
      if (!loss) assert.is(next.stats.resetsOut + pair.server.stats.resetsOut, 0);
      so.close();
      listener.close();
      pair.settle(300 * SECOND);
      assert.equal([pair.client.live, pair.server.live, next.live], [0, 0, 0], `seed ${seed}`);
      assert.is(pair.clock.pending, 0);
      assert.is(pair.server.memory.outstanding + next.memory.outstanding, 0);
    }
  });
}

test("an import needs the address, and the connection's place", () => {
  const pair = new TcpPair();
  let held: Socket | null = null;
  pair.listen(7, (so) => {
    held = so;
  });
  pair.connect(7);
  pair.run(SECOND);
  if (held === null) throw new Error("not accepted");
  const exported = exportConnection(pair.server, held);
  if (typeof exported === "string") throw new Error(exported);
  assert.is(importConnection(pair.client, exported), "EADDRNOTAVAIL");
  accepted(importConnection(pair.server, exported));
  assert.is(importConnection(pair.server, exported), "EADDRINUSE");
});

test("its source route, its options and its urgent mark come along", () => {
  const w = tcpWorld({ pinTx: true });
  const so = w.open(`830708${hexOf(R1)}`, `830708${hexOf(R1)}`);
  so.setsockopt("SO_LINGER", { on: true, seconds: 0 });
  so.setsockopt("SO_RCVLOWAT", 3);
  so.setsockopt("IP_TTL", 9);
  so.setsockopt("SO_SNDLOWAT", 7);
  w.send({ flags: "PU.", data: "ab!", urgent: 3 });
  assert.is(so.receive(new Uint8Array(9)), 2);
  w.sent();
  const exported = exportConnection(w.host, so);
  if (typeof exported === "string") throw new Error(exported);
  assert.is(w.host.table.connected, 0);
  const moved = accepted(importConnection(w.host, throughJson(exported)));
  assert.ok(moved.atMark());
  assert.equal([moved.getsockopt("SO_RCVLOWAT"), moved.getsockopt("SO_SNDLOWAT")], [3, 7]);
  moved.send(Buffer.from("x"));
  const [data] = w.sent();
  assert.equal([data.to, data.ttl, data.seq], [R1, 9, 0x2001]);
  assert.is(data.route, `01830b08${hexOf(U)}${hexOf(C)}`);
  // Unread octets would bring a reset by themselves.
  assert.is(moved.receive(new Uint8Array(9)), 1);
  moved.close();
  assert.is(w.sent()[0].flags, "R.");
});

/** A connection with all under way that there can be: sent and SACKed, early, a FIN, an error. */
function busy(): { w: TcpWorld; so: Socket } {
  const w = tcpWorld({ pinTx: true, stickyPin: true }, { sack: true });
  w.send({ flags: "S", seq: 0x1000, ack: 0, tcpOptions: `${MSS_1460}01010402` });
  w.send({ flags: "." });
  const so = accepted(w.listener.accept());
  w.out0.take();
  so.send(new Uint8Array(4000));
  const [packet] = w.out0.take();
  const unreachable = icmpError(3, 1, 0, fromHex(packet.slice(0, 2 * 56)));
  w.receive(ipPacket({ source: R1, destination: U, payload: unreachable }));
  const [from, to] = [0x2001 + 1452, 0x2001 + 2904].map((n) => n.toString(16).padStart(8, "0"));
  w.send({ flags: ".", tcpOptions: `0101050a${from}${to}` });
  w.send({ flags: "F.", seq: 0x1001 + 100, data: "early" });
  w.sent();
  return { w, so };
}

test("handed over, taken and handed on, it is the same to the last field", () => {
  const { w, so } = busy();
  const first = exportConnection(w.host, so);
  if (typeof first === "string") throw new Error(first);
  const { softError, finEarly, sacked, early, sticky, dontFragment } = first;
  assert.equal(
    [softError, finEarly, sacked.length, early.length, sticky, dontFragment],
    ["EHOSTUNREACH", true, 2, 2, ip(U), true],
  );
  const kept = throughJson(first);
  const moved = accepted(importConnection(w.host, throughJson(first)));
  assert.equal(exportConnection(w.host, moved), kept);
});

test("its segments are as long as its new host's way to the peer lets them be", () => {
  for (const [mtu, known, longest] of [
    [1500, 1500, 1500],
    [600, 1500, 600],
    [1500, 1000, 1000],
  ]) {
    const { w, so } = busy();
    const exported = exportConnection(w.host, so);
    if (typeof exported === "string") throw new Error(exported);
    w.if0.mtu = mtu;
    if (known < 1500) w.stack.pathMtu.learn(ip(C), known);
    accepted(importConnection(w.host, exported));
    w.run(5 * SECOND);
    const lengths = w.out0.take().map((packet) => packet.length / 2);
    assert.is(Math.max(...lengths), longest, `${mtu}, ${known}`);
  }
});

test.run();
