/** Hosts that recordings and the specification speak of. */
import type { World } from "../../ipopts/profiles/world.ts";
import { worldFromJson } from "../../ipopts/profiles/world-json.ts";

/** The Linux host of the recordings and of the live comparison. */
export const LINUX_HOST = {
  interfaces: [
    { name: "vB", addresses: ["10.9.0.2/24"] },
    { name: "vD", addresses: ["10.10.0.2/24"] },
    { name: "lo", addresses: ["10.77.0.3/32"] },
  ],
  routes: [{ to: "10.20.0.0/16", via: "10.10.0.1", dev: "vD" }],
  arrival: "vB",
  forwarding: true,
  acceptSourceRoute: true,
};

/** World W of the specification: two interfaces, an anycast alias on the first. */
export const WORLD_W = {
  interfaces: [
    { name: "if0", addresses: ["198.51.100.7/24", "203.0.113.9/32"] },
    { name: "if1", addresses: ["198.51.101.7/24"] },
  ],
  routes: [
    { to: "192.0.2.0/24", via: "198.51.100.1", dev: "if0" },
    { to: "192.0.3.0/24", via: "198.51.101.1", dev: "if1" },
  ],
  anycast: ["203.0.113.9"],
  arrival: "if0",
};

/** World W with some settings changed. */
export const worldW = (settings: Record<string, unknown> = {}): World =>
  worldFromJson({ ...WORLD_W, time: 0x01020304, ...settings });
