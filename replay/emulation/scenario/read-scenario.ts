/** Scenario files: what may stand in them, and what it means. CONTRIBUTING.md shows one. */
import { DESIGNS } from "../../designs/index.ts";
import type { LinkOptions } from "../../network/link.ts";
import { FILTER_PRESETS, type FilterOptions } from "../../network/option-filter.ts";
import { findPolicy, POLICIES, policyWords } from "../../policies/index.ts";
import { DEFAULT_TOPOLOGY, type Topology } from "../topology.ts";
import { Checked } from "./checked.ts";
import { parseClientMix } from "./client-mix.ts";
import { parseLocatedJson } from "./located-json.ts";
import {
  type ClientMix,
  DEFAULT_SCENARIO,
  type EventTime,
  type Scenario,
  type ScenarioEvent,
} from "./scenario.ts";

const MS = 1e6;
const SECOND = 1e9;
/** A year: no scenario is longer. */
const LONGEST = 31_536_000;
const MOST_SERVERS = 4096;
const MOST_ROUTERS = 64;

/**
 * Reads the text of a scenario file; `name` is what it is called without a name of its own.
 * @throws {ScenarioError} with path, line, what was expected and found
 */
export function readScenario(text: string, name: string): Scenario {
  const json = parseLocatedJson(text);
  const members = new Checked(json, json.value, "").object([
    "name",
    "about",
    "servers",
    "designs",
    "policies",
    "clients",
    "topology",
    "events",
  ]);
  const { topology, events } = members;
  const servers = members.servers.or(DEFAULT_SCENARIO.servers, (v) => v.whole(1, MOST_SERVERS));
  const shape = topology.or(DEFAULT_TOPOLOGY, readTopology);
  return {
    name: members.name.or(name, (v) => v.string()),
    about: members.about.or("", (v) => v.string()),
    servers,
    designs: members.designs.or([...DEFAULT_SCENARIO.designs], readDesigns),
    policies: members.policies.or(
      POLICIES.map((policy) => policy.name),
      readPolicies,
    ),
    clients: members.clients.or([...DEFAULT_SCENARIO.clients], (v) => v.array().map(readClients)),
    topology: shape,
    events: events.or([], (v) => v.array().map((each) => readEvent(each, servers, shape.routers))),
  };
}

const readDesigns = (list: Checked): string[] =>
  list.array().map((item) => item.oneOf(DESIGNS.map((design) => design.name)));

const readPolicies = (list: Checked): string[] =>
  list.array().map((item) => {
    const word = item.oneOf(policyWords());
    return findPolicy(word)?.name ?? word;
  });

function readClients(item: Checked): ClientMix {
  const text = item.string();
  try {
    return parseClientMix(text);
  } catch (error) {
    if (error instanceof RangeError) return item.fail(error.message);
    throw error;
  }
}

function readTopology(value: Checked): Topology {
  const members = value.object([
    "routers",
    "agree",
    "spread",
    "multihomed",
    "routerOptions",
    "options",
    "clientLink",
    "serverLink",
  ]);
  const { clientLink, serverLink } = DEFAULT_TOPOLOGY;
  const routers = members.routers.or(1, (v) => v.whole(1, MOST_ROUTERS));
  const multihomed = members.multihomed.or(false, (v) => v.boolean());
  if (multihomed && routers > 1) members.multihomed.fail("goes with one router only");
  return {
    routers,
    agree: members.agree.or(true, (v) => v.boolean()),
    spread: members.spread.or("flow", (v) => v.oneOf(["flow", "packet"])),
    multihomed,
    routerOptions: members.routerOptions.or<"process" | "ignore">("process", (v) =>
      v.oneOf(["process", "ignore"]),
    ),
    filter: members.options.or(null, readFilter),
    clientLink: { ...clientLink, ...members.clientLink.or({}, readLink) },
    serverLink: { ...serverLink, ...members.serverLink.or({}, readLink) },
  };
}

function readFilter(value: Checked): FilterOptions {
  if (typeof value.value === "string") {
    return FILTER_PRESETS[value.oneOf(Object.keys(FILTER_PRESETS))];
  }
  const { survival, packetsPerSecond, slowMs } = value.object([
    "survival",
    "packetsPerSecond",
    "slowMs",
  ]);
  return {
    survival: survival.or(1, (v) => v.number(0, 1)),
    rate: packetsPerSecond.or(0, (v) => v.number(0, 1e9)),
    slow: slowMs.or(0, (v) => v.number(0, 60_000)) * MS,
  };
}

function readLink(value: Checked): Partial<LinkOptions> {
  const members = value.object([
    "delayMs",
    "rateMbps",
    "queuePackets",
    "loss",
    "duplicate",
    "reorder",
    "corrupt",
    "jitterMs",
    "mtu",
  ]);
  const options: Partial<LinkOptions> = {};
  const take = (
    name: keyof LinkOptions,
    member: Checked,
    read: (member: Checked) => number,
  ): void => {
    if (member.isThere) options[name] = read(member);
  };
  take("delay", members.delayMs, (v) => Math.round(v.number(0, 60_000) * MS));
  take("rate", members.rateMbps, (v) => v.number(0.001, 1e6) * 1e6);
  take("queue", members.queuePackets, (v) => v.whole(1, 1e6));
  take("loss", members.loss, (v) => v.number(0, 1));
  take("duplicate", members.duplicate, (v) => v.number(0, 1));
  take("reorder", members.reorder, (v) => v.number(0, 1));
  take("corrupt", members.corrupt, (v) => v.number(0, 1));
  take("jitter", members.jitterMs, (v) => Math.round(v.number(0, 60_000) * MS));
  take("mtu", members.mtu, (v) => v.whole(576, 9000));
  return options;
}

/** Seconds after the first connection, or a share of the trace's length (`"50%"`). */
function readTime(value: Checked): EventTime {
  const share = /^(\d+(?:\.\d+)?)\s?%$/.exec(typeof value.value === "string" ? value.value : "");
  if (share && Number(share[1]) <= 100) return { share: Number(share[1]) / 100 };
  if (typeof value.value !== "number") {
    return value.fail(
      `expected seconds, or a share of the trace like "50%"; found ${JSON.stringify(value.value)}`,
    );
  }
  return { ns: Math.round(value.number(0, LONGEST) * SECOND) };
}

const DEEDS = ["route-change", "fail", "restart", "drain", "restart-router"] as const;

function readEvent(value: Checked, servers: number, routers: number): ScenarioEvent {
  const members = value.object(["at", "do", "server", "how", "detectSeconds", "router"]);
  const at = readTime(members.at);
  const deed = members.do.oneOf(DEEDS);
  // Counted from 1 in files, as people count servers.
  const server = () => members.server.whole(1, servers) - 1;
  switch (deed) {
    case "route-change":
      return { at, do: deed };
    case "restart-router":
      return { at, do: deed, router: members.router.or(1, (v) => v.whole(1, routers)) - 1 };
    case "fail": {
      const how = members.how.or<"silent" | "reset">("silent", (v) => v.oneOf(["silent", "reset"]));
      const seconds = members.detectSeconds.or(1, (v) => v.number(0, LONGEST));
      return { at, do: deed, server: server(), how, detectNs: Math.round(seconds * SECOND) };
    }
    default:
      return { at, do: deed, server: server() };
  }
}
