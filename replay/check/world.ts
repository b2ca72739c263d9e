/**
 * The host that judges, from JSON: `worldFromJson` of ipopts reads what is IPv4; what is IPv6 in
 * the same lists (an address or a prefix with a colon), and the fields `homeAddresses`, `bindings`
 * (`[{"home": …, "careOf": …}]`) and `segmentRouting`, are read here.
 */
import { AnyRouter } from "../../ipopts/profiles/any-router.ts";
import type { World } from "../../ipopts/profiles/world.ts";
import {
  device,
  fields,
  list,
  WORLD_FIELDS,
  WorldError,
  worldFromJson,
  wrong,
} from "../../ipopts/profiles/world-json.ts";
import { openV6World, type V6World } from "../../ipopts/v6/world.ts";
import { parseV6 } from "../../stack/wire/address.ts";

/** Fields of IPv6 alone. */
const V6_FIELDS: readonly string[] = ["homeAddresses", "bindings", "segmentRouting"];

type Words = readonly number[];

interface Prefix {
  readonly words: Words;
  readonly bits: number;
  readonly dev: string;
}

export interface Worlds {
  readonly v4: World;
  /** The world that judges the IPv6 packet whose destination stands at `at`. */
  v6(view: DataView, at: number): V6World;
}

/** A router that owns each packet's destination, forwards and has a route to everything. */
export function anyWorld(): Worlds {
  return { v4: new AnyRouter(), v6: openV6World };
}

const wordsAt = (view: DataView, at: number): Words => [
  view.getUint32(at),
  view.getUint32(at + 4),
  view.getUint32(at + 8),
  view.getUint32(at + 12),
];

const same = (a: Words, b: Words): boolean => a.every((word, i) => word === b[i]);

function inside(address: Words, { words, bits }: Prefix): boolean {
  for (let i = 0; i < 4; i++) {
    const left = Math.min(32, Math.max(0, bits - 32 * i));
    if (left === 0) return true;
    if ((address[i] ^ words[i]) >>> (32 - left) !== 0) return false;
  }
  return true;
}

/** A prefix of `least` bits at least, 128 being an address alone. Throws a WorldError. */
function prefixOf(value: unknown, dev: string, path: string, least = 0): Prefix {
  const expected = least === 128 ? "an IPv6 address" : "an IPv6 address or prefix";
  if (typeof value !== "string") throw wrong(path, expected, value);
  const [address, length = "128", ...more] = value.split("/");
  const words = parseV6(address);
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : 129;
  if (words === null || bits < least || bits > 128 || more.length > 0) {
    throw wrong(path, expected, value);
  }
  return { words, bits, dev };
}

/** An address. Throws a WorldError. */
const wordsOf = (value: unknown, path: string): Words => prefixOf(value, "", path, 128).words;

const isV6 = (value: unknown): value is string => typeof value === "string" && value.includes(":");
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

/** The IPv6 half of a world, taken out of `json`: what is left is for `worldFromJson`. */
class V6Half {
  readonly own: Prefix[] = [];
  readonly routes: Prefix[] = [];
  readonly homes: Prefix[] = [];
  readonly bindings: { home: Words; careOf: Words }[] = [];
  segmentRouting: boolean | null = null;

  /** Moves the IPv6 parts of `world` here, in place. */
  take(world: Record<string, unknown>): void {
    const names = asList(world.interfaces).map((item) => String(asObject(item).name));
    world.interfaces = asList(world.interfaces).map((item, i) => this.#interface(item, i));
    if (Array.isArray(world.routes)) {
      world.routes = world.routes.filter((item, i) => !this.#route(item, i, names));
    }
    for (const [i, home] of list(world.homeAddresses ?? [], "homeAddresses").entries()) {
      this.homes.push(prefixOf(home, "", `homeAddresses[${i}]`, 128));
    }
    for (const [i, item] of list(world.bindings ?? [], "bindings").entries()) {
      const path = `bindings[${i}]`;
      const { home, careOf } = fields(item, path, ["home", "careOf"]);
      this.bindings.push({
        home: wordsOf(home, `${path}.home`),
        careOf: wordsOf(careOf, `${path}.careOf`),
      });
    }
    if (typeof world.segmentRouting === "boolean") this.segmentRouting = world.segmentRouting;
    else if (world.segmentRouting !== undefined) {
      throw wrong("segmentRouting", "true or false", world.segmentRouting);
    }
    for (const field of V6_FIELDS) delete world[field];
  }

  #interface(item: unknown, i: number): unknown {
    const device = asObject(item);
    if (!Array.isArray(device.addresses)) return item;
    const dev = String(device.name);
    for (const [n, address] of device.addresses.entries()) {
      if (!isV6(address)) continue;
      this.own.push(prefixOf(address, dev, `interfaces[${i}].addresses[${n}]`));
    }
    return { ...device, addresses: device.addresses.filter((address) => !isV6(address)) };
  }

  #route(item: unknown, i: number, names: readonly string[]): boolean {
    if (!isV6(asObject(item).to)) return false;
    const path = `routes[${i}]`;
    const { to, via, dev } = fields(item, path, ["to", "via", "dev"]);
    const near = via === undefined ? null : wordsOf(via, `${path}.via`);
    const found = near && this.own.find((prefix) => inside(near, prefix));
    if (dev === undefined && !found) {
      throw new WorldError(`${path}.dev: missing, and no interface's network holds ${via ?? to}`);
    }
    const out = dev === undefined && found ? found.dev : device(dev, `${path}.dev`, names);
    this.routes.push(prefixOf(to, out, `${path}.to`));
    return true;
  }

  world(forwarding: boolean): V6World {
    const routes = [...this.own, ...this.routes].sort((a, b) => b.bits - a.bits);
    return {
      owns: (view, at) => this.own.some(({ words }) => same(words, wordsAt(view, at))),
      route: (view, at) => routes.find((to) => inside(wordsAt(view, at), to))?.dev ?? null,
      isHome: (view, at) => this.homes.some(({ words }) => same(words, wordsAt(view, at))),
      hasBinding: (view, homeAt, careOfAt) =>
        this.bindings.some(
          ({ home, careOf }) =>
            same(home, wordsAt(view, homeAt)) && same(careOf, wordsAt(view, careOfAt)),
        ),
      forwarding,
      segmentRouting: this.segmentRouting,
    };
  }
}

/** Both halves of the world in a file's text. Throws a WorldError that names the field at fault. */
export function parseWorlds(source: string): Worlds {
  let json: unknown;
  try {
    json = JSON.parse(source);
  } catch (cause) {
    throw new WorldError(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const half = new V6Half();
  const rest = { ...fields(json, "", [...WORLD_FIELDS, ...V6_FIELDS]) };
  if (Array.isArray(rest.interfaces)) half.take(rest);
  const v4 = worldFromJson(rest);
  const v6 = half.world(v4.forwarding);
  return { v4, v6: () => v6 };
}
