/** What the path does: routers with a smaller MTU, silence. */
import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { In6Addr } from "../../../stack/ip6/in6-addr.ts";
import { ip } from "../../support/ip-packet.ts";
import { assertQuiet, assertWhole } from "./exchange.ts";
import { LINUX } from "./hosts.ts";
import { runTask } from "./our-end.ts";
import { Peer } from "./peer.ts";
import type { Stage } from "./scene.ts";
import { connectToLinux } from "./transfers.ts";

const BYTES = 500_000;

/** Linux as a router before a link of MTU 1280: its errors cut our segments. */
export async function pathMtu(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const { namespaces } = lab;
  const host = lab.add({ name: "host", number: 2, seed });
  namespaces.add("far");
  namespaces.link("linux", "lx1", "02:00:00:00:00:05", "far", "far0", "02:00:00:00:00:06");
  namespaces.sysctl("linux", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
  namespaces.ip(
    "linux",
    "link set lx1 mtu 1280 up",
    "addr add 10.78.0.1/24 dev lx1",
    "addr add 2001:db8:78::1/64 dev lx1 nodad",
  );
  // The far end's own link is wide: its SYN announces an MSS that the path does not carry.
  namespaces.ip(
    "far",
    "link set far0 up",
    "addr add 10.78.0.2/24 dev far0",
    "addr add 2001:db8:78::2/64 dev far0 nodad",
    "route add default via 10.78.0.1",
    "route add ::/0 via 2001:db8:78::1",
  );
  const peer = new Peer(namespaces.nameOf("far"));
  try {
    await peer.ready();
    for (const family of [4, 6] as const) {
      const address = family === 4 ? "10.78.0.2" : "2001:db8:78::2";
      const { port, outcome } = await peer.listen({ family, address });
      const so = host.tcp.socket(family);
      const to = family === 4 ? ip(address) : In6Addr.parse(address);
      assert.equal(so.connect(to, port), "EINPROGRESS");
      const ours = await runTask(so, { send: BYTES });
      assertWhole({ ours, linux: await outcome }, BYTES, 0);
    }
    assert.equal(host.tcp.stats.pathMtuReductions, 2);
    await assertQuiet(stage);
    const errors = (await stage.seen()).filter(
      ({ what, from }) => from === LINUX && what === "3/4",
    );
    assert.ok(errors.length > 0);
  } finally {
    await peer.close();
  }
}

/** Keep-alives answered by either side; and by nobody, when the connection ends. */
export async function keepAlive(stage: Stage): Promise<void> {
  const { lab, seed } = stage;
  const host = lab.add({ name: "host", number: 2, seed });
  const idle = { address: LINUX, keepAlive: 1 };
  const [answered, silent] = [await lab.peer.listen(idle), await lab.peer.listen(idle)];
  const connections = [answered, silent].map(({ port }) => {
    const so = connectToLinux(host, 4, port);
    assert.equal(so.setsockopt("SO_KEEPALIVE", 1), 0);
    assert.equal(so.setsockopt("TCP_KEEPIDLE", 1), 0);
    assert.equal(so.setsockopt("TCP_KEEPINTVL", 1), 0);
    assert.equal(so.setsockopt("TCP_KEEPCNT", 3), 0);
    return so;
  });
  await sleep(3500);
  assert.ok(host.tcp.stats.keepProbes >= 4, "we probe");
  assert.ok(lab.counter("TcpExtTCPKeepAlive") > 0, "Linux probes");
  const ended = await runTask(connections[0], { send: 10 });
  assert.equal(ended.error, null);
  assert.equal((await answered.outcome).received, 10);
  lab.namespaces.ip("linux", "link set lx0 down");
  const given = await runTask(connections[1], { send: 0, stay: true });
  assert.equal(given.error, "ETIMEDOUT");
  assert.equal(host.tcp.stats.keepDrops, 1);
}
