/** Scenarios and traces drawn by seed, for soaks of the stack engine. */
import { DESIGNS } from "../../replay/designs/index.ts";
import { parseClientMix } from "../../replay/emulation/scenario/client-mix.ts";
import type { Scenario, ScenarioEvent } from "../../replay/emulation/scenario/scenario.ts";
import { CLIENT_PROFILES } from "../../replay/experiment.ts";
import type { LinkOptions } from "../../replay/network/link.ts";
import { POLICIES } from "../../replay/policies/index.ts";
import { ConnectionColumns } from "../../traces/connection.ts";
import type { TestRandom } from "./random.ts";

const SECOND = 1e9;

function link(random: TestRandom, delay: number): Partial<LinkOptions> {
  const chance = () => (random.below(3) === 0 ? random.below(50) / 1000 : 0);
  return {
    delay: random.below(delay),
    rate: random.below(3) === 0 ? 1e6 * (1 + random.below(100)) : 0,
    queue: 2 + random.below(200),
    loss: chance(),
    duplicate: chance(),
    reorder: chance(),
    corrupt: chance(),
    jitter: random.below(20_000_000),
    mtu: random.pick([1500, 1500, 1400, 600]),
  };
}

function event(random: TestRandom, servers: number, routers: number): ScenarioEvent {
  const at = random.below(2)
    ? { ns: random.below(20) * SECOND }
    : { share: random.below(100) / 100 };
  const server = random.below(servers);
  const how = random.pick(["silent", "reset"] as const);
  switch (random.below(5)) {
    case 0:
      return { at, do: "route-change" };
    case 1:
      return { at, do: "fail", server, how, detectNs: random.below(3 * SECOND) };
    case 2:
      return { at, do: "restart", server };
    case 3:
      return { at, do: "drain", server };
    default:
      return { at, do: "restart-router", router: random.below(routers) };
  }
}

/** A scenario of one design, policy and client mix. */
export function randomScenario(random: TestRandom): Scenario {
  const servers = 1 + random.below(6);
  const multihomed = random.below(5) === 0;
  const routers = multihomed ? 1 : 1 + random.below(3);
  const mix = Array.from(
    { length: 1 + random.below(3) },
    () => `${random.pick([...CLIENT_PROFILES])}:${1 + random.below(9)}`,
  );
  return {
    name: "random",
    about: "",
    servers,
    designs: [random.pick(DESIGNS.map(({ name }) => name))],
    policies: [random.pick(POLICIES.map(({ name }) => name))],
    clients: [parseClientMix(mix.join(","))],
    topology: {
      routers,
      agree: random.below(2) === 0,
      spread: random.pick(["flow", "packet"] as const),
      multihomed,
      routerOptions: "process",
      clientLink: link(random, 50_000_000),
      serverLink: link(random, 2_000_000),
      filter:
        random.below(3) === 0
          ? {
              survival: random.below(11) / 10,
              rate: random.below(3) === 0 ? 50 : 0,
              slow: random.below(5_000_000),
            }
          : null,
    },
    events: Array.from({ length: random.below(4) }, () => event(random, servers, routers)),
  };
}

/** `count` connections over some twenty seconds: TCP and UDP, both families, ports used again. */
export function randomRows(random: TestRandom, count: number): ConnectionColumns {
  const rows = new ConnectionColumns(count);
  rows.count = count;
  let start = random.below(SECOND);
  for (let i = 0; i < count; i++) {
    start += random.below((40 * SECOND) / count);
    rows.id[i] = i;
    rows.start[i] = start;
    rows.duration[i] = random.below(2 ** random.below(34));
    const v6 = random.below(8) === 0;
    const client = 0x0a000000 + random.below(6);
    const server = 0xcb007109 + random.below(2);
    rows.client.set(v6 ? [0x20010db8, 0, 0, client] : [0, 0, 0xffff, client], 4 * i);
    rows.server.set(v6 ? [0x20010db8, 1, 0, server] : [0, 0, 0xffff, server], 4 * i);
    rows.clientPort[i] = 1024 + random.below(30);
    rows.serverPort[i] = random.pick([80, 443]);
    rows.protocol[i] = random.pick([6, 6, 6, 17, 50]);
    rows.close[i] = random.below(4);
    rows.clientBytes[i] = random.below(2 ** random.below(15));
    rows.serverBytes[i] = random.below(2 ** random.below(18));
    rows.clientPackets[i] = 1 + Math.ceil(rows.clientBytes[i] / 1000);
    rows.serverPackets[i] = Math.ceil(rows.serverBytes[i] / 1000);
  }
  return rows;
}
