/** The quick way of the patch's own packets says what the table says. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, ipPacket, toHex } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";
import { A, C, C2, G, hexOf, R1, U, U2, worldW } from "../../support/world-w.ts";

/** NOPs before the option keep a packet from the quick way and mean nothing. */
const slow = (packet: Uint8Array, route: string): Uint8Array =>
  ipPacket({
    source: toText(packet, 12),
    destination: toText(packet, 16),
    options: `01010101${route}`,
    protocol: 6,
    payload: new Uint8Array(20),
  });

const toText = (packet: Uint8Array, at: number): string => packet.subarray(at, at + 4).join(".");

test("one-hop routes come to the same by the quick way and by the table", () => {
  const random = testRandom(7);
  const addresses = [
    A,
    U,
    U2,
    C,
    C2,
    R1,
    G,
    "9.9.9.9",
    "127.0.0.1",
    "0.0.0.0",
    "198.51.100.255",
    "224.0.0.1",
  ];
  for (let i = 0; i < 3000; i++) {
    const options = { pinRx: random.below(2) === 0, forwarding: random.below(2) === 0 };
    const route = `018307${random.pick(["04", "08"])}${hexOf(random.pick(addresses))}`;
    const packet = ipPacket({
      source: random.pick(addresses),
      destination: random.pick(addresses),
      options: route,
      protocol: 6,
      payload: new Uint8Array(20),
    });
    const worlds = [worldW(options), worldW(options)];
    worlds[0].receive(packet);
    worlds[1].receive(slow(packet, route));
    const seen = worlds.map(({ tcp, stack, pool, out0, out1 }) => {
      assert.is(pool.outstanding, 0);
      return {
        deliveries: tcp.deliveries.map((d) => [d.destination, d.route]),
        dropped: stack.stats.droppedTotal,
        sent: [out0, out1].map((tap) =>
          tap.take().map((sent) => sent.slice(18, 20) + sent.slice(24, 40)),
        ),
      };
    });
    assert.equal(seen[0], seen[1], `${toHex(packet)} ${JSON.stringify(options)}`);
    const [delivered] = worlds[0].tcp.deliveries;
    if (!delivered) continue;
    const header = fromHex(delivered.packet.slice(0, 56));
    const view = new DataView(header.buffer);
    let sum = 0;
    for (let at = 0; at < 28; at += 2) sum += view.getUint16(at);
    assert.is((sum & 0xffff) + (sum >>> 16), 0xffff, "the checksum is right");
  }
});

test.run();
