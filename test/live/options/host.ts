/** A host of `hosts.ts` in a namespace of its own, and a wire on either side of it. */
import { spawnSync } from "node:child_process";
import type { LiveHost } from "./hosts.ts";

/** `ip`, `sysctl` or another command failed: the machine cannot do this. */
export class HostError extends Error {
  override readonly name = "HostError";
}

function run(command: string, args: readonly string[], input = ""): string {
  const done = spawnSync(command, args, { input, encoding: "utf8" });
  if (done.status === 0) return done.stdout;
  const why = done.error?.message ?? done.stderr.trim();
  throw new HostError(`${command} ${args.join(" ")}: ${why}`);
}

const MAC_A = "02:00:00:00:00:0a";
const MAC_C = "02:00:00:00:00:0c";
export const MAC_HOST = "02:00:00:00:00:0b";

/** Settings that the recordings were made with, and silence where the kernel would limit itself. */
const settings = ({ forwarding, acceptSourceRoute }: LiveHost): string[] => [
  `net.ipv4.ip_forward=${Number(forwarding)}`,
  ...["all", "default", "vB", "vD", "lo"].flatMap((dev) => [
    `net.ipv4.conf.${dev}.accept_source_route=${Number(acceptSourceRoute)}`,
    `net.ipv4.conf.${dev}.send_redirects=0`,
    `net.ipv4.conf.${dev}.rp_filter=0`,
    `net.ipv4.conf.${dev}.accept_local=0`,
    `net.ipv4.conf.${dev}.log_martians=0`,
  ]),
  "net.ipv4.icmp_ratelimit=0",
  "net.ipv4.icmp_ratemask=0",
  "net.ipv4.icmp_echo_ignore_all=1",
  "net.ipv6.conf.all.disable_ipv6=1",
];

export interface LinuxHost {
  /** Namespace of the wires vA (towards vB) and vC (towards vD). */
  readonly wire: string;
  /** Namespace of the host. */
  readonly host: string;
  /** Takes everything down again. */
  close(): void;
}

/** Builds both namespaces under names made from `name`. Throws a HostError where it cannot. */
export function buildHost(name: string, world: LiveHost): LinuxHost {
  const wire = `${name}-wire`;
  const host = `${name}-host`;
  const close = (): void => {
    for (const namespace of [wire, host]) spawnSync("ip", ["netns", "del", namespace]);
  };
  try {
    for (const namespace of [wire, host]) run("ip", ["netns", "add", namespace]);
    const pair = (near: string, mac: string, far: string): void => {
      run("ip", [
        "-n",
        wire,
        "link",
        "add",
        near,
        "address",
        mac,
        "type",
        "veth",
        "peer",
        "name",
        far,
        "netns",
        host,
      ]);
    };
    pair("vA", MAC_A, "vB");
    pair("vC", MAC_C, "vD");
    const inHost = ["netns", "exec", host, "sysctl", "-qw"];
    const own = new Set(
      world.interfaces.flatMap(({ addresses }) => addresses.map((text) => text.split("/")[0])),
    );
    const neighbours = (net: string, dev: string, mac: string): string[] =>
      Array.from({ length: 255 }, (_, i) => `${net}.${i}`)
        .filter((address) => !own.has(address))
        .map((address) => `neigh replace ${address} lladdr ${mac} dev ${dev} nud permanent`);
    run("ip", ["-n", wire, "-batch", "-"], "link set vA up\nlink set vC up\n");
    run("ip", [...inHost, "net.ipv6.conf.all.disable_ipv6=1"]);
    const lines = [
      `link set vB address ${MAC_HOST}`,
      "link set lo up",
      "link set vB up",
      "link set vD up",
      ...world.interfaces.flatMap(({ name: dev, addresses }) =>
        addresses.map((address) => `addr add ${address} dev ${dev}`),
      ),
      ...world.routes.map(({ to, via, dev }) => `route add ${to} via ${via} dev ${dev}`),
      ...world.neighbours.flatMap(({ net, dev }) =>
        neighbours(net, dev, dev === "vB" ? MAC_A : MAC_C),
      ),
    ];
    run("ip", ["-n", host, "-batch", "-"], `${lines.join("\n")}\n`);
    for (const setting of settings(world)) run("ip", [...inHost, setting]);
    return { wire, host, close };
  } catch (error) {
    close();
    throw error;
  }
}
