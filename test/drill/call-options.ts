/** getsockopt and setsockopt of scripts: names of several systems, values as scripts write them. */
import type { Socket } from "../../stack/socket.ts";
import type { OptionName } from "../../stack/socket-options.ts";
import type { Machine } from "./machine.ts";
import { DrillFailure, Unsupported, type Value } from "./model.ts";
import type { Outcome } from "./outcome.ts";
import { agrees, numberOf, valueText } from "./values.ts";

const NUMBERS: Readonly<Record<string, OptionName>> = {
  SO_REUSEADDR: "SO_REUSEADDR",
  SO_REUSEPORT: "SO_REUSEPORT",
  SO_KEEPALIVE: "SO_KEEPALIVE",
  SO_BROADCAST: "SO_BROADCAST",
  SO_OOBINLINE: "SO_OOBINLINE",
  SO_SNDBUF: "SO_SNDBUF",
  SO_RCVBUF: "SO_RCVBUF",
  SO_SNDLOWAT: "SO_SNDLOWAT",
  SO_RCVLOWAT: "SO_RCVLOWAT",
  SO_ERROR: "SO_ERROR",
  SO_ACCEPTCONN: "SO_ACCEPTCONN",
  SO_TYPE: "SO_TYPE",
  IP_TTL: "IP_TTL",
  IPV6_UNICAST_HOPS: "IP_TTL",
  IP_TOS: "IP_TOS",
  IPV6_TCLASS: "IP_TOS",
  IP_DONTFRAG: "IP_MTU_DISCOVER",
  TCP_NODELAY: "TCP_NODELAY",
  TCP_MAXSEG: "TCP_MAXSEG",
  TCP_NOPUSH: "TCP_CORK",
  TCP_CORK: "TCP_CORK",
  TCP_NOOPT: "TCP_NOOPT",
  TCP_KEEPINIT: "TCP_KEEPINIT",
  TCP_KEEPIDLE: "TCP_KEEPIDLE",
  TCP_KEEPINTVL: "TCP_KEEPINTVL",
  TCP_KEEPCNT: "TCP_KEEPCNT",
};

/** Options that choose among implementations of a kernel, or make it tell more. */
const WITHOUT_EFFECT = new Set(["TCP_FUNCTION_BLK", "SO_DEBUG", "TCP_LOG", "SO_TIMESTAMP"]);

const fine = (differences: string[] = []): Outcome => ({ value: 0, errno: null, differences });
const refused = (errno: Outcome["errno"]): Outcome => ({ value: -1, errno, differences: [] });

/** Reads `name` and holds it against `expected`. */
export function getOption(
  socket: Socket,
  name: string,
  expected: Value | undefined,
  line: number,
): Outcome {
  const wanted: Value = expected ?? { kind: "any" };
  if (name === "TCP_INFO") return compareFields(wanted, info(socket), line);
  if (name === "SO_LINGER") {
    const linger = socket.getsockopt("SO_LINGER");
    if (typeof linger === "string") return refused(linger);
    return compareFields(wanted, { onoff: Number(linger.on), linger: linger.seconds }, line);
  }
  const option = name === "TCP_CONGESTION" ? "TCP_CONGESTION" : NUMBERS[name];
  if (!option) throw new Unsupported(`the socket option ${name}`, line);
  const found = socket.getsockopt(option);
  if (option === "SO_ERROR") return compareOne(name, wanted, found as string | number, line);
  if (typeof found === "string" && /^E[A-Z]+$/.test(found))
    return refused(found as Outcome["errno"]);
  return compareOne(name, wanted, found as string | number, line);
}

function compareOne(name: string, wanted: Value, found: string | number, line: number): Outcome {
  if (agrees(wanted, found, line)) return fine();
  return fine([`${name} ${valueText(wanted)}, found [${found}]`]);
}

function compareFields(wanted: Value, found: Record<string, unknown>, line: number): Outcome {
  const struct = wanted.kind === "list" && wanted.items.length === 1 ? wanted.items[0] : wanted;
  if (struct.kind === "any") return fine();
  if (struct.kind !== "struct") throw new DrillFailure(line, "expected {field=value, …}");
  const differences: string[] = [];
  for (const [field, expected] of struct.fields) {
    const value = found[field];
    if (typeof value !== "number" && typeof value !== "string") {
      throw new Unsupported(`the field ${field}`, line);
    }
    if (!agrees(expected, value, line)) {
      differences.push(`${field} ${valueText(expected)}, found ${value}`);
    }
  }
  return fine(differences);
}

function info(socket: Socket): Record<string, unknown> {
  const found = socket.getsockopt("TCP_INFO");
  return typeof found === "string" ? {} : { ...found };
}

/** Sets `name`. */
export function setOption(
  machine: Machine,
  socket: Socket,
  name: string,
  value: Value | undefined,
  line: number,
): Outcome {
  if (WITHOUT_EFFECT.has(name)) {
    machine.notes.push(`the socket option ${name} has no effect here`);
    return fine();
  }
  if (name === "SO_LINGER") {
    const struct = value?.kind === "list" && value.items.length === 1 ? value.items[0] : value;
    if (struct?.kind !== "struct") throw new DrillFailure(line, "expected {onoff=1, linger=0}");
    const on = numberOf(struct.fields.get("onoff"), line) !== 0;
    const seconds = numberOf(struct.fields.get("linger"), line);
    return result(socket.setsockopt("SO_LINGER", { on, seconds }));
  }
  if (name === "TCP_CONGESTION") {
    const item = value?.kind === "list" ? value.items[0] : value;
    if (item?.kind !== "text") throw new DrillFailure(line, "expected a name between quotes");
    const algorithm = item.text === "newreno" ? "reno" : item.text;
    return result(socket.setsockopt("TCP_CONGESTION", algorithm));
  }
  const option = NUMBERS[name];
  if (!option) throw new Unsupported(`the socket option ${name}`, line);
  return result(socket.setsockopt(option, numberOf(value, line)));
}

const result = (done: number | NonNullable<Outcome["errno"]>): Outcome =>
  typeof done === "string" ? refused(done) : fine();
