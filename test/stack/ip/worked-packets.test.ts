/** The worked packets E1 to E9 of the specification (Figure 1 of the paper), byte for byte. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ipOutput } from "../../../stack/ip/ip-output.ts";
import { makeSendState, type SendOptions } from "../../../stack/ip/send-options.ts";
import type { StackOptions } from "../../../stack/stack.ts";
import { fromHex, ip, toHex } from "../../support/ip-packet.ts";
import { A, C, R1, Tap, U, type WorldW, worldW } from "../../support/world-w.ts";

const E1 =
  "4500002c0001000040067cc0c0000201cb0071099c40005000001000000000006002ffffed8a0000020405b4";
const E2 =
  "4700003400020000400647f1cb007109c000020101830708c633640700509c4000002000000010016012ffffcd790000020405b4";
const E3 =
  "4700003700030000400647f1c0000201c633640701830704cb0071099c40005000001001000020015018ffff10b50000474554202f0d0a";
const E4 =
  "4700003700030000400647edc0000201cb00710901830708c63364079c40005000001001000020015018ffff10b50000474554202f0d0a";
const E6 =
  "4700003400040000400647efcb007109c000020101830708c633640700509c4000002001000010085018ffff88ce00004f4b0d0a";
const E7 =
  "4700003400050000400647c7c0000201c633643201830704cb0071099c40005000001000000000006002ffffed8a0000020405b4";
const E8 =
  "47000034000500003f0648c3c0000201cb00710901830708c63364329c40005000001000000000006002ffffed8a0000020405b4";
const E9 =
  "480000380006000040061883cb007109c633643201830b08c6336407c000020100509c4000002000000010016012ffffcd790000020405b4";

const interfaceAt = (name: string, address: string, prefixLength: number) => ({
  name,
  device: new Tap(),
  addresses: [{ address: ip(address), prefixLength }],
});

/** The transport bytes of a worked packet. */
const segment = (packet: string): Uint8Array => fromHex(packet.slice(2 * headerOf(packet)));
const headerOf = (packet: string): number => 4 * Number.parseInt(packet[1], 16);

/** Sends `packet`'s segment from A to the client, with its identification and `options`. */
function send(world: WorldW, packet: string, options: SendOptions | null): void {
  const state = makeSendState();
  state.options = options;
  world.stack.identification = Number.parseInt(packet.slice(8, 12), 16) - 1;
  const m = world.pool.from(segment(packet));
  if (!m) throw new Error("no buffer");
  assert.is(ipOutput(world.stack, m, ip(A), ip(C), 6, state), null);
  world.settle();
}

const pins: [string, Partial<StackOptions>][] = [
  ["transmit path", { pinTx: true }],
  ["receive path", { pinRx: true }],
  ["both paths", { pinTx: true, pinRx: true }],
];

for (const [name, options] of pins) {
  test(`E1 in, E2 out: the SYN-ACK carries the pin (${name}; cases 59 and 60)`, () => {
    const world = worldW(options);
    world.receive(E1);
    const [syn] = world.tcp.deliveries;
    assert.is(syn.packet, E1);
    if (options.pinRx) {
      assert.equal(syn.route, [ip(U)]);
      assert.is(syn.reply?.firstHop, ip(U));
      assert.is(toHex(syn.reply?.bytes ?? new Uint8Array()), "01830704c0000201");
    } else assert.is(syn.reply, null);
    send(world, E2, syn.reply);
    assert.equal(world.out0.take(), [E2]);
    assert.is(world.pool.outstanding, 0);
  });

  test(`E3 in is taken as E4, its answer is E6 (${name}; cases 61 and 62)`, () => {
    const world = worldW(options);
    world.receive(E3);
    const [data] = world.tcp.deliveries;
    assert.is(data.packet, E4);
    assert.is(data.destination, ip(A));
    assert.equal(data.route, [ip(U)]);
    send(world, E6, data.reply);
    assert.equal(world.out0.take(), [E6]);
    assert.is(world.stack.stats.collapsed, 2);
    assert.is(world.pool.outstanding, 0);
  });
}

test("a SYN-ACK without the patch carries nothing", () => {
  const world = worldW();
  world.receive(E1);
  send(world, E2, world.tcp.deliveries[0].reply);
  const [plain] = world.out0.take();
  assert.is(plain.slice(0, 8), "4500002c");
});

test("E3 is taken with a TTL of 1: it goes no further (case 61)", () => {
  const world = worldW();
  const packet = fromHex(E3);
  packet[8] = 1;
  packet[10] = 0x86;
  world.receive(packet);
  assert.is(world.tcp.deliveries.length, 1);
  assert.equal(world.out0.take(), []);
});

test("E7 leaves a client with a route of its own and passes R1 as E8", () => {
  const client = worldW({
    interfaces: [interfaceAt("if0", C, 24), interfaceAt("if1", "10.0.0.1", 24)],
    routes: [{ prefix: 0, prefixLength: 0, gateway: ip("192.0.2.254") }],
  });
  const tap = client.if0.device as Tap;
  const state = makeSendState();
  state.options = { firstHop: ip(R1), bytes: fromHex("01830704cb007109") };
  client.stack.identification = 4;
  const m = client.pool.from(segment(E7));
  if (!m) throw new Error("no buffer");
  ipOutput(client.stack, m, ip(C), ip(A), 6, state);
  assert.equal(tap.nextHops, [ip("192.0.2.254")]);
  assert.equal(tap.take(), [E7]);

  const router = worldW({
    forwarding: true,
    interfaces: [interfaceAt("if0", R1, 24), interfaceAt("if1", "10.0.0.2", 24)],
    routes: [{ prefix: ip(A), prefixLength: 32, gateway: ip(U) }],
  });
  router.receive(E7, router.if1);
  const out = router.if0.device as Tap;
  assert.equal(out.nextHops, [ip(U)]);
  assert.equal(out.take(), [E8]);
});

test("E8 in, E9 out: the penultimate hop is this host itself (case 65)", () => {
  const world = worldW({ pinRx: true });
  world.receive(E8);
  const [syn] = world.tcp.deliveries;
  assert.is(syn.packet, E8);
  send(world, E9, syn.reply);
  assert.equal(world.out0.take(), [E9]);
});

test.run();
