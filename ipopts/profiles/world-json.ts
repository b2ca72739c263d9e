/**
 * A host from JSON:
 *
 * ```json
 * { "interfaces": [{ "name": "vB", "addresses": ["10.9.0.2/24"] }],
 *   "routes": [{ "to": "10.20.0.0/16", "via": "10.10.0.1", "dev": "vD" }],
 *   "arrival": "vB", "forwarding": true, "acceptSourceRoute": true }
 * ```
 * Optional besides: `anycast` (own addresses that other hosts have too), `forwardSourceRoute` and
 * `processOptions` (FreeBSD's `sourceroute` and `process_options`), `time` (milliseconds since
 * midnight UT). `routes` may be absent; `arrival` is the first interface, both switches are on,
 * unless told; a route without `via` is on the link, one without `dev` leaves by the interface
 * whose network holds `via`.
 */
import { parseDottedQuad } from "../address.ts";
import { type HostSpec, HostWorld, networkOf, type OwnAddress } from "./host-world.ts";
import type { World } from "./world.ts";

/** What is wrong with a world, and where: `routes[0].via: expected …, found …`. */
export class WorldError extends Error {
  override readonly name = "WorldError";
}

type Json = unknown;

/** Fields that a world may have. */
export const WORLD_FIELDS: readonly string[] = [
  "interfaces",
  "routes",
  "arrival",
  "forwarding",
  "acceptSourceRoute",
  "anycast",
  "forwardSourceRoute",
  "processOptions",
  "time",
];

/** An object's fields with nothing that is not known; `path` is where it stands, "" at the top. */
export function fields(json: Json, path: string, known: readonly string[]): Record<string, Json> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw wrong(path || "world", "an object", json);
  }
  const dot = path && `${path}.`;
  for (const key of Object.keys(json)) {
    if (known.includes(key)) continue;
    throw new WorldError(`${dot}${key}: unknown field, expected one of ${known.join(", ")}`);
  }
  return json as Record<string, Json>;
}

/** What a field should have been, in the words of every message about a world. */
export const wrong = (path: string, expected: string, found: Json): WorldError =>
  new WorldError(`${path}: expected ${expected}, found ${JSON.stringify(found) ?? "nothing"}`);

/** A list, or a WorldError. */
export function list(json: Json, path: string): readonly Json[] {
  if (!Array.isArray(json)) throw wrong(path, "a list", json);
  return json;
}

function text(json: Json, path: string, expected: string): string {
  if (typeof json !== "string" || json === "") throw wrong(path, expected, json);
  return json;
}

function flag(json: Json, path: string, otherwise: boolean): boolean {
  if (json === undefined) return otherwise;
  if (typeof json !== "boolean") throw wrong(path, "true or false", json);
  return json;
}

function whole(json: Json, path: string, limit: number, otherwise: number): number {
  if (json === undefined) return otherwise;
  if (typeof json !== "number" || !Number.isInteger(json) || json < 0 || json > limit) {
    throw wrong(path, `a whole number from 0 to ${limit}`, json);
  }
  return json;
}

function address(json: Json, path: string): number {
  const value = parseDottedQuad(text(json, path, "an IPv4 address"));
  if (value === null) throw wrong(path, "an IPv4 address", json);
  return value;
}

function prefix(json: Json, path: string, expected: string): { address: number; bits: number } {
  const value = text(json, path, expected);
  if (value === "default") return { address: 0, bits: 0 };
  const [quad, length = "32"] = value.split("/");
  const parsed = parseDottedQuad(quad);
  const bits = /^\d{1,2}$/.test(length) ? Number(length) : 33;
  if (parsed === null || bits > 32 || value.split("/").length > 2)
    throw wrong(path, expected, json);
  return { address: parsed, bits };
}

/** One of the interfaces by name. */
export function device(json: Json, path: string, names: readonly string[]): string {
  const name = text(json, path, "the name of an interface");
  if (!names.includes(name)) throw wrong(path, `one of ${names.join(", ")}`, json);
  return name;
}

function interfaces(json: Json): { names: string[]; addresses: Omit<OwnAddress, "shared">[] } {
  const names: string[] = [];
  const addresses: Omit<OwnAddress, "shared">[] = [];
  list(json, "interfaces").forEach((item, i) => {
    const path = `interfaces[${i}]`;
    const { name, addresses: own = [] } = fields(item, path, ["name", "addresses"]);
    const dev = text(name, `${path}.name`, "a name");
    if (names.includes(dev)) throw new WorldError(`${path}.name: ${dev} is there already`);
    names.push(dev);
    list(own, `${path}.addresses`).forEach((entry, n) => {
      const at = `${path}.addresses[${n}]`;
      addresses.push({ dev, ...prefix(entry, at, "an IPv4 address with a prefix, 10.9.0.2/24") });
    });
  });
  if (names.length === 0) throw new WorldError("interfaces: expected one at least, found none");
  return { names, addresses };
}

/** Builds the host that `json` describes. Throws a WorldError that names the field at fault. */
export function worldFromJson(json: Json): World {
  const world = fields(json, "", WORLD_FIELDS);
  const { names, addresses } = interfaces(world.interfaces);
  const routes = list(world.routes ?? [], "routes").map((item, i) => {
    const path = `routes[${i}]`;
    const { to, via, dev } = fields(item, path, ["to", "via", "dev"]);
    const target = prefix(to, `${path}.to`, "a network, 10.20.0.0/16");
    const gateway = via === undefined ? 0 : address(via, `${path}.via`);
    const near = addresses.find(
      (own) => networkOf(own.address, own.bits) === networkOf(gateway, own.bits),
    );
    if (dev === undefined && (gateway === 0 || !near)) {
      throw new WorldError(`${path}.dev: missing, and no interface's network holds ${via ?? to}`);
    }
    const out = dev === undefined && near ? near.dev : device(dev, `${path}.dev`, names);
    return {
      network: networkOf(target.address, target.bits),
      bits: target.bits,
      dev: out,
      gateway,
    };
  });
  const shared = list(world.anycast ?? [], "anycast").map((item, i) => {
    const value = address(item, `anycast[${i}]`);
    if (addresses.some((own) => own.address === value)) return value;
    throw new WorldError(`anycast[${i}]: ${item} is no address of an interface`);
  });
  const acceptSourceRoute = flag(world.acceptSourceRoute, "acceptSourceRoute", true);
  const spec: HostSpec = {
    interfaces: names,
    addresses: addresses.map((own) => ({ ...own, shared: shared.includes(own.address) })),
    routes,
    arrival: world.arrival === undefined ? names[0] : device(world.arrival, "arrival", names),
    forwarding: flag(world.forwarding, "forwarding", true),
    acceptSourceRoute,
    forwardSourceRoute: flag(world.forwardSourceRoute, "forwardSourceRoute", acceptSourceRoute),
    processOptions: whole(world.processOptions, "processOptions", 2, 1),
    time: whole(world.time, "time", 0xffffffff, 0),
  };
  return new HostWorld(spec);
}
