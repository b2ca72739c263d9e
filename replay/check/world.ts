/**
 * The host that judges, from JSON: `worldFromJson` of ipopts reads what is IPv4; what is IPv6 in
 * the same lists (an address or a prefix with a colon), and the fields `homeAddresses`, `bindings`
 * (`[{"home": …, "careOf": …}]`) and `segmentRouting`, are read here.
 */
import { AnyRouter } from "../../ipopts/profiles/any-router.ts";
import type { World } from "../../ipopts/profiles/world.ts";
import { WorldError, worldFromJson } from "../../ipopts/profiles/world-json.ts";
import { openV6World, type V6World } from "../../ipopts/v6/world.ts";
import { parseV6 } from "../../stack/wire/address.ts";

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

function prefixOf(text: string, dev: string, path: string): Prefix {
  const [address, length = "128", ...more] = text.split("/");
  const words = text === "default" ? null : parseV6(address);
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : 129;
  if (words === null || bits > 128 || more.length > 0) {
    throw new WorldError(`${path}: expected an IPv6 address or prefix, found "${text}"`);
  }
  return { words, bits, dev };
}

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
    world.interfaces = asList(world.interfaces).map((item, i) => this.#interface(item, i));
    const routes = asList(world.routes);
    if (Array.isArray(world.routes)) {
      world.routes = routes.filter((item, i) => !this.#route(asObject(item), i));
    }
    for (const [i, home] of asList(world.homeAddresses).entries()) {
      this.homes.push(prefixOf(String(home), "", `homeAddresses[${i}]`));
    }
    for (const [i, item] of asList(world.bindings).entries()) {
      const { home, careOf } = asObject(item);
      this.bindings.push({
        home: prefixOf(String(home), "", `bindings[${i}].home`).words,
        careOf: prefixOf(String(careOf), "", `bindings[${i}].careOf`).words,
      });
    }
    if (typeof world.segmentRouting === "boolean") this.segmentRouting = world.segmentRouting;
    else if (world.segmentRouting !== undefined) {
      throw new WorldError("segmentRouting: expected true or false");
    }
    for (const field of ["homeAddresses", "bindings", "segmentRouting"]) delete world[field];
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

  #route({ to, via, dev }: Record<string, unknown>, i: number): boolean {
    if (!isV6(to)) return false;
    const near = isV6(via) ? prefixOf(via, "", `routes[${i}].via`) : null;
    const found = near && this.own.find((prefix) => inside(near.words, prefix));
    const device = typeof dev === "string" ? dev : found?.dev;
    if (device === undefined) throw new WorldError(`routes[${i}].dev: missing`);
    this.routes.push(prefixOf(to, device, `routes[${i}].to`));
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
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return { v4: worldFromJson(json), v6: openV6World };
  }
  const half = new V6Half();
  const rest = asObject(json);
  if (Array.isArray(rest.interfaces)) half.take(rest);
  const v4 = worldFromJson(rest);
  const v6 = half.world(v4.forwarding);
  return { v4, v6: () => v6 };
}
