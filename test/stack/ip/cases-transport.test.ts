/** Cases 58, 71, 78, 79 and 81 of the specification's section 6, as far as IP sees them. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ipOutput } from "../../../stack/ip/ip-output.ts";
import { makeSendState, type SendOptions } from "../../../stack/ip/send-options.ts";
import { optionOverhead, pinOverhead, sourceFor } from "../../../stack/output.ts";
import type { StackOptions } from "../../../stack/stack.ts";
import { Tcp } from "../../../stack/tcp/tcp.ts";
import { Udp } from "../../../stack/udp/udp.ts";
import { fromHex, ip, ipPacket, toHex, udpSegment } from "../../support/ip-packet.ts";
import { A, C, hexOf, R0, R1, U, type WorldW, worldW } from "../../support/world-w.ts";

const E2 =
  "4700003400020000400647f1cb007109c000020101830708c633640700509c4000002000000010016012ffffcd790000020405b4";
const E3 =
  "4700003700030000400647f1c0000201c633640701830704cb0071099c40005000001001000020015018ffff10b50000474554202f0d0a";

const optionsOf = (packet: string): string => packet.slice(40, 8 * Number.parseInt(packet[1], 16));
const route = (firstHop: string, bytes: string): SendOptions => ({
  firstHop: ip(firstHop),
  bytes: fromHex(bytes),
});

/** The client of the worked packets. */
function clientC(options: Partial<StackOptions> = {}): WorldW {
  const device = worldW();
  return worldW({
    interfaces: [
      { name: "if0", device: device.out0, addresses: [{ address: ip(C), prefixLength: 24 }] },
      {
        name: "if1",
        device: device.out1,
        addresses: [{ address: ip("10.0.0.1"), prefixLength: 24 }],
      },
    ],
    routes: [{ prefix: 0, prefixLength: 0, gateway: ip("192.0.2.254") }],
    ...options,
  });
}

const sentBy = (world: WorldW): string[] =>
  (world.if0.device as unknown as { take(): string[] }).take();

test("case 58: the return route of {R0,R1>>} is what Linux hands out as IP_RETOPTS", () => {
  const world = worldW();
  const so = new Udp(world.stack).socket(4);
  so.bind(0, 53);
  world.receive(
    ipPacket({
      source: C,
      destination: A,
      options: `01830b0c${hexOf(R0)}${hexOf(R1)}`,
      protocol: 17,
      payload: udpSegment(C, A, 9, 53, new Uint8Array(4)),
    }),
  );
  const got = so.receiveFrom(new Uint8Array(9));
  if (typeof got === "string") throw new Error(got);
  assert.is(toHex(got.returnRoute), `830b04${hexOf(R1)}${hexOf(R0)}00`);
});

test("case 71: TCP is told of the option bytes: 8 for the pin, 4 in a route, none if it leads here", () => {
  const { stack } = worldW({ pinTx: true });
  const state = makeSendState();
  const overhead = () => [pinOverhead(stack, ip(A), state), optionOverhead(stack, ip(A), state)];
  assert.equal(overhead(), [8, 8]);
  state.options = route(R1, `01830704${hexOf(C)}`);
  assert.equal(overhead(), [4, 12]);
  state.options = route(U, `01830704${hexOf(C)}`);
  assert.equal(overhead(), [0, 8]);
  state.options = route(R1, `018327${"04"}${hexOf(R0).repeat(9)}`);
  assert.equal(overhead(), [0, 40]);
  assert.is(optionOverhead(stack, ip(U), makeSendState()), 0);
  assert.is(optionOverhead(worldW({ pinTx: true, noMssFix: true }).stack, ip(A), state), 0);
});

test("case 71: a segment that ignores them becomes 1500 and 36 bytes, or EMSGSIZE with DF", () => {
  const world = worldW({ pinTx: true, noMssFix: true });
  const state = makeSendState();
  const send = () => {
    const m = world.pool.from(new Uint8Array(1480));
    if (!m) throw new Error("no buffer");
    return ipOutput(world.stack, m, ip(A), ip(C), 6, state);
  };
  assert.is(send(), null);
  const packets = world.out0.take();
  assert.equal(
    packets.map((p) => p.length / 2),
    [1500, 36],
  );
  assert.equal(
    packets.map((p) => p.slice(12, 16)),
    ["2000", (1472 / 8).toString(16).padStart(4, "0")],
  );
  for (const packet of packets) assert.is(optionsOf(packet), `01830708${hexOf(U)}`);
  state.dontFragment = true;
  assert.is(send(), "EMSGSIZE");
  assert.is(world.pool.outstanding, 0);
});

test("case 78: a filtering client drops a pinned SYN-ACK unseen; FreeBSD's default says 3/5 to A", () => {
  const filtering = clientC({ client: "filtering" });
  filtering.receive(E2);
  assert.equal([filtering.tcp.deliveries.length, sentBy(filtering).length], [0, 0]);
  assert.is(filtering.stack.stats.dropped("sourceRouteRefused"), 1);
  const linux = clientC({ profile: "linux", acceptSourceRoute: false });
  linux.receive(E2);
  assert.equal([linux.tcp.deliveries.length, sentBy(linux).length], [0, 0]);
  const freebsd = clientC({ profile: "freebsd", acceptSourceRoute: false });
  freebsd.receive(E2);
  const [error] = sentBy(freebsd);
  assert.equal([error.slice(32, 40), error.slice(40, 44)], [hexOf(A), "0305"]);
  const open = clientC();
  open.receive(E2);
  assert.is(open.tcp.deliveries.length, 1);
});

test("case 79: a SYN that the server sends from A is pinned, and a stock passive Linux reverses it", () => {
  const server = worldW({ pinTx: true });
  const m = server.pool.from(fromHex("005015b3000010000000000050020fff00000000"));
  if (m) ipOutput(server.stack, m, ip(A), ip(C), 6, makeSendState());
  const [syn] = server.out0.take();
  assert.is(optionsOf(syn), `01830708${hexOf(U)}`);
  const peer = clientC({ profile: "linux" });
  peer.receive(syn);
  const { reply } = peer.tcp.deliveries[0];
  assert.is(reply?.firstHop, ip(U));
  assert.is(toHex(reply?.bytes ?? new Uint8Array(0)), `830704${hexOf(A)}00`);
});

test("case 81: a host that ignores options takes E3 for its hop's own and fails the checksum", () => {
  const world = worldW({ profile: "freebsd", processOptions: 0 });
  new Tcp(world.stack).socket(4).bind(0, 80);
  world.receive(E3);
  assert.is(world.stack.stats.dropped("tcpBadChecksum"), 1);
  assert.equal(world.out0.take(), []);
});

test("the source address is the one of the way out, an own destination's is itself", () => {
  const { stack } = worldW();
  assert.is(sourceFor(stack, ip(C)), ip(U));
  assert.is(sourceFor(stack, ip("192.0.3.77")), ip("198.51.101.7"));
  assert.is(sourceFor(stack, ip(A)), ip(A));
  stack.routes.remove(0, 0);
  assert.is(sourceFor(stack, ip(C)), null);
});

test.run();
