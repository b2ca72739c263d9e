/**
 * The IPv4 routing table: longest prefix first, several next hops for one prefix.
 *
 * One hash table for each prefix length in use, tried from the longest: hosts have three lengths,
 * and a router with a full table at most 33.
 */
import type { Interface } from "../interface.ts";
import type { NextHop, NextHopChooser, Route } from "../route-table.ts";
import { WordMap } from "../word-map.ts";
import { maskOf } from "./addresses.ts";

export class RouteTable {
  /** Changes with the table, so that a cached next hop knows when it is stale. */
  generation = 0;
  private readonly byLength: (WordMap<Route> | undefined)[] = new Array(33).fill(undefined);
  /** Prefix lengths in use, longest first. */
  private lengths: number[] = [];

  /**
   * Adds `hop` to the route for `prefix` (its host bits are cleared), making the route when there
   * is none. Returns the route.
   */
  add(prefix: number, prefixLength: number, hop: NextHop): Route {
    this.generation++;
    let table = this.byLength[prefixLength];
    if (!table) {
      table = new WordMap();
      this.byLength[prefixLength] = table;
      this.lengths = [...this.lengths, prefixLength].sort((a, b) => b - a);
    }
    const key = (prefix & maskOf(prefixLength)) >>> 0;
    let route = table.get(key);
    if (!route) {
      route = { prefix: key, prefixLength, hops: [], chooser: null };
      table.set(key, route);
    }
    route.hops.push(hop);
    return route;
  }

  /** Removes a prefix, or only its next hops through `gateway`. False when there was none. */
  remove(prefix: number, prefixLength: number, gateway?: number): boolean {
    const key = (prefix & maskOf(prefixLength)) >>> 0;
    const route = this.byLength[prefixLength]?.get(key);
    if (!route) return false;
    this.generation++;
    const kept = gateway === undefined ? [] : route.hops.filter((hop) => hop.gateway !== gateway);
    const removed = kept.length < route.hops.length;
    route.hops.splice(0, route.hops.length, ...kept);
    if (kept.length === 0) this.byLength[prefixLength]?.delete(key);
    return removed;
  }

  /** Puts `chooser` in charge of the next hops of an existing prefix. */
  setChooser(prefix: number, prefixLength: number, chooser: NextHopChooser | null): void {
    const route = this.find(prefix, prefixLength);
    if (!route) throw new Error("no such route");
    this.generation++;
    route.chooser = chooser;
  }

  /** The route for exactly this prefix. */
  find(prefix: number, prefixLength: number): Route | undefined {
    return this.byLength[prefixLength]?.get((prefix & maskOf(prefixLength)) >>> 0);
  }

  /** The most specific route to `address` with a next hop whose interface is up, or null. */
  lookup(address: number): Route | null {
    for (const length of this.lengths) {
      const route = this.byLength[length]?.get((address & maskOf(length)) >>> 0);
      if (route && isUsable(route)) return route;
    }
    return null;
  }

  /** Withdraws what an interface that goes down took part in; tables that cached look again. */
  touch(): void {
    this.generation++;
  }

  *all(): Generator<Route> {
    for (const length of this.lengths) {
      const table = this.byLength[length];
      if (table) yield* table.all();
    }
  }
}

function isUsable(route: Route): boolean {
  for (const hop of route.hops) if (hop.interface.up) return true;
  return false;
}

/** True when `address` is a neighbour on `interface_`: strict source routes may go there. */
export function isAdjacent(table: RouteTable, address: number, interface_?: Interface): boolean {
  const route = table.lookup(address);
  if (!route) return false;
  return route.hops.some(
    (hop) => hop.gateway === null && (!interface_ || hop.interface === interface_),
  );
}
