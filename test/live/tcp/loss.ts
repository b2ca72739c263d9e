/** Random losses by nftables, in both directions, and Linux's own accounts of what happened. */
import type { Namespaces } from "./namespaces.ts";

const table = (device: string, percent: number): string => `
table netdev loss {
  chain in {
    type filter hook ingress device "${device}" priority 0; policy accept;
    meta protocol { ip, ip6 } numgen random mod 100 < ${percent} counter drop
  }
}
`;

/** Drops `percent` of the packets that arrive on us0 and on lx0. */
export function addLoss(namespaces: Namespaces, percent: number): void {
  for (const [role, device] of [
    ["us", "us0"],
    ["linux", "lx0"],
  ]) {
    namespaces.exec(role, "nft", ["-f", "-"], table(device, percent));
  }
}

/** Packets dropped so far: on their way to us and to Linux. */
export function lost(namespaces: Namespaces): number {
  let total = 0;
  for (const role of ["us", "linux"]) {
    const listing = namespaces.exec(role, "nft", ["list", "table", "netdev", "loss"]);
    total += Number(/counter packets (\d+)/.exec(listing)?.[1] ?? 0);
  }
  return total;
}

/** Connections of Linux that are not closed: none, or those in TIME-WAIT, is as it should be. */
export function openConnections(namespaces: Namespaces): string[] {
  return namespaces
    .exec("linux", "ss", ["-Htan"])
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("TIME-WAIT"));
}

/** Linux's counters by name (`nstat`), those that are not 0. */
export function kernelCounters(namespaces: Namespaces): Map<string, number> {
  const rows = namespaces.exec("linux", "nstat", ["-as"]).split("\n");
  const counters = new Map<string, number>();
  for (const row of rows) {
    const [name, value] = row.trim().split(/\s+/);
    if (name && !name.startsWith("#")) counters.set(name, Number(value));
  }
  return counters;
}
