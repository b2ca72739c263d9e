/** Memory of waiting fragments, where both families are about. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { In6Addr } from "../../stack/ip6/in6-addr.ts";
import { ipPacket } from "../support/ip-packet.ts";
import { ip6Packet } from "../support/ip6-packet.ts";
import { A, C, worldW } from "../support/world-w.ts";
import { C6, U6 } from "../support/world6.ts";

test("fragments of one family that fill its bound do not push out those of the other", () => {
  const limit = 4;
  const world = worldW({ fragmentLimit: limit });
  world.stack.addAddress(world.if0, In6Addr.parse(U6), 64);
  const v4 = (offset: number, more: number) =>
    ipPacket({
      source: C,
      destination: A,
      protocol: 6,
      id: 7,
      fragment: (more << 13) | (offset / 8),
      payload: new Uint8Array(16),
    });
  for (let id = 1; id <= limit; id++) {
    const payload = `06000001${id.toString(16).padStart(8, "0")}${"00".repeat(24)}`;
    world.receive(ip6Packet({ source: C6, destination: U6, next: 44, payload }));
  }
  world.receive(v4(0, 1));
  assert.is(world.stack.stats.fragmentsHeld, limit + 1);
  world.receive(v4(16, 0));
  assert.is(world.tcp.deliveries.length, 1);
  assert.is(world.stack.stats.dropped("fragmentLimit"), 0);
  world.stack.reassembly6.clear();
  assert.is(world.pool.outstanding, 0);
});

test.run();
