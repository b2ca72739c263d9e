/** Options of the commands that read traces: which traffic, which piece of time, how many threads. */
import { availableParallelism } from "node:os";
import type { Period } from "../../traces/connection-file.ts";
import type { ConnectionOptions } from "../../traces/connections.ts";
import type { ServiceFilter } from "../../traces/service.ts";
import { type OptionSpec, type OptionValues, UsageError } from "./command.ts";
import { listOption, numberOption, stringOption, switchOption } from "./option-values.ts";

/** Options of every command that follows connections in captures. */
export const CAPTURE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "service",
    value: "HOST[:PORT]",
    repeatable: true,
    help: "follow only this service; a prefix, [v6]:port or :port will do",
  },
  {
    name: "idle",
    value: "S",
    default: "300 TCP, 60 UDP",
    help: "seconds without a packet that end a connection",
  },
  { name: "tunnels", help: "look into IP-in-IP, GRE, VXLAN and 6in4" },
  { name: "from", value: "TIME", help: "of a flow trace or log, from here on (ISO 8601, UTC)" },
  { name: "to", value: "TIME", help: "of a flow trace or log, up to here" },
  {
    name: "threads",
    value: "N",
    default: "cores",
    help: "threads to use; results are the same",
  },
];

/** How many threads to use: all cores, unless told otherwise. */
export const threadsOf = (options: OptionValues): number =>
  numberOption(options, "threads", {
    fallback: availableParallelism(),
    min: 1,
    max: 256,
    integer: true,
  });

/** A date, and maybe a time of it with a fraction and a zone. */
const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Nanoseconds since 1970 of an ISO 8601 time, UTC where it names no zone; null when it is none. Of what
 * else `Date.parse` accepts, most would mean another time on another machine.
 */
function nanosecondsOf(text: string): bigint | null {
  const [, date, time = "00:00", fraction = "", zone = "Z"] = TIME.exec(text) ?? [];
  const milliseconds = Date.parse(`${date}T${time}${zone}`);
  if (Number.isNaN(milliseconds)) return null;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** The piece of time that `--from` and `--to` ask for; undefined without them. */
export function periodOf(options: OptionValues): Period | undefined {
  const bound = (name: string): bigint | null => {
    const text = stringOption(options, name);
    if (text === undefined) return null;
    const time = nanosecondsOf(text);
    if (time === null) {
      throw new UsageError(`--${name}: expected a time such as 1996-07-30T15:00; found "${text}"`);
    }
    return time;
  };
  const from = bound("from");
  const to = bound("to");
  if (from !== null && to !== null && to <= from) {
    throw new UsageError(`--to: expected a time after that of --from; found "${options.to}"`);
  }
  return from === null && to === null ? undefined : { from, to };
}

/** How connections are to be followed, from `CAPTURE_OPTIONS`. */
export async function connectionOptions(options: OptionValues): Promise<ConnectionOptions> {
  const idle = numberOption(options, "idle", { fallback: 0, min: 1e-6, max: 1e9, unit: "seconds" });
  return {
    idleSeconds: idle > 0 ? idle : undefined,
    service: await services(listOption(options, "service")),
    tunnels: switchOption(options, "tunnels"),
  };
}

async function services(texts: readonly string[]): Promise<ServiceFilter | null> {
  if (texts.length === 0) return null;
  const { parseServices } = await import("../../traces/service-text.ts");
  try {
    return parseServices(texts);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--service: ${error.message}`);
    throw error;
  }
}
