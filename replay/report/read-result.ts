/** A result read back from JSON: checked piece by piece before anything is drawn of it. */
import type { ReplayResult } from "../result.ts";
import { END_NAMES } from "./outcome-table.ts";

/** Null for what fits, else where it does not and what was expected and found there. */
type Check = (value: unknown, at: string) => string | null;

const found = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : value === null
      ? "null"
      : Array.isArray(value)
        ? "a list"
        : typeof value === "object"
          ? "an object"
          : JSON.stringify(value).slice(0, 40);

const kind =
  (what: string, fits: (value: unknown) => boolean): Check =>
  (value, at) =>
    fits(value) ? null : `${at || "the whole"}: expected ${what}; found ${found(value)}`;

const number = kind("a number", (value) => typeof value === "number" && Number.isFinite(value));
const text = kind("a text", (value) => typeof value === "string");
const flag = kind("true or false", (value) => typeof value === "boolean");
const aList = kind("a list", Array.isArray);
const anObject = kind(
  "an object",
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

const orNull =
  (check: Check): Check =>
  (value, at) =>
    value === null ? null : check(value, at);
const optional =
  (check: Check): Check =>
  (value, at) =>
    value === undefined ? null : check(value, at);

const list =
  (each: Check): Check =>
  (value, at) => {
    const wrong = aList(value, at);
    if (wrong) return wrong;
    for (const [i, item] of (value as unknown[]).entries()) {
      const inside = each(item, `${at}[${i}]`);
      if (inside) return inside;
    }
    return null;
  };

const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) => {
    const wrong = anObject(value, at);
    if (wrong) return wrong;
    for (const [name, check] of Object.entries(checks)) {
      const inside = check((value as Record<string, unknown>)[name], at ? `${at}.${name}` : name);
      if (inside) return inside;
    }
    return null;
  };

const counts: Check = (value, at) => {
  const wrong = anObject(value, at);
  if (wrong) return wrong;
  return fields(Object.fromEntries(Object.keys(value as object).map((name) => [name, number])))(
    value,
    at,
  );
};

const numbers = (...names: string[]) => Object.fromEntries(names.map((name) => [name, number]));
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, text]));

const distribution = { edges: list(number), shares: list(number), values: number };
const load = {
  imbalance: fields(
    numbers("windows", "emptyWindows", "mean", "p50", "p95", "p99", "max", "under30", "under50"),
  ),
  excess: fields(numbers("mean", "max")),
  jain: fields(numbers("mean", "min")),
  meanPerServer: number,
  distribution: fields(distribution),
};
const outcome = fields({
  design: text,
  client: text,
  ...numbers("connections", "completed", "reset", "timedOut", "neverOpened", "untouched"),
  ...numbers("pccViolations", "splitSyns", "optionBytes", "notRun", "standIns"),
  pinDelay: fields(numbers("connections", "meanSeconds", "maxSeconds")),
  broken: counts,
  tables: list(counts),
});
const packet = fields({
  time: number,
  sent: flag,
  ...texts("place", "source", "destination", "transport", "options"),
});
const explained = fields({
  ...texts("design", "policy", "clients", "client", "server", "how"),
  end: kind("an end", (value) => typeof value === "string" && value in END_NAMES),
  ...numbers("holder", "more"),
  packets: list(packet),
});
const result = fields({
  tool: fields({ name: text, version: text }),
  trace: fields({
    files: list(text),
    format: text,
    ...numbers("packets", "connections", "midstream", "clients", "payloadBytes", "durationSeconds"),
    clientsEstimated: flag,
    start: orNull(text),
    truncated: flag,
    skipped: counts,
    durations: text,
  }),
  experiment: fields({
    engine: text,
    ...numbers("servers", "windowSeconds", "seed"),
    pin: text,
    client: text,
    bytes: fields({ layer: text, direction: text }),
    scenario: optional(text),
  }),
  policies: list(
    fields({
      name: text,
      connections: fields({ ...load, expected: orNull(number) }),
      bytes: fields(load),
      servers: list(fields(numbers("connections", "peakActive", "payloadBytes"))),
      load: fields({
        ...numbers("startSeconds", "binSeconds"),
        active: list(list(number)),
        bytes: list(list(number)),
      }),
      outcomes: optional(list(outcome)),
    }),
  ),
  distributions: fields({
    holdingTimeSeconds: fields(distribution),
    bytesPerConnection: fields(distribution),
  }),
  explained: optional(orNull(explained)),
  events: optional(list(fields({ seconds: number, what: text }))),
});
/**
 * The result that `json` holds, as `anypin replay --json` printed it.
 * @throws {SyntaxError} when it is no JSON, {RangeError} naming the first piece that does not fit
 */
export function readResult(json: string): ReplayResult {
  const value: unknown = JSON.parse(json);
  const wrong = result(value, "") ?? sizes(value as ReplayResult);
  if (wrong) throw new RangeError(wrong);
  return value as ReplayResult;
}

/** Lists that belong together are as long as each other. */
function sizes({ policies, experiment, distributions }: ReplayResult): string | null {
  const { servers } = experiment;
  const spreads = [
    ...Object.entries(distributions).map(([name, d]) => [`distributions.${name}`, d] as const),
    ...policies.flatMap((policy, i) => [
      [`policies[${i}].connections.distribution`, policy.connections.distribution] as const,
      [`policies[${i}].bytes.distribution`, policy.bytes.distribution] as const,
    ]),
  ];
  for (const [at, { edges, shares }] of spreads) {
    if (edges.length === shares.length + 1) continue;
    return `${at}: expected one more of edges than of shares; found ${edges.length} and ${shares.length}`;
  }
  for (const [i, { servers: each, load: series }] of policies.entries()) {
    for (const [name, rows] of Object.entries({ servers: each, "load.active": series.active })) {
      if (rows.length !== servers) {
        return `policies[${i}].${name}: expected ${servers} servers; found ${rows.length}`;
      }
    }
  }
  return null;
}
