/** The host of `kernel/README.md` in a namespace of its own, and a wire on either side of it. */
import { spawnSync } from "node:child_process";

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
const SETTINGS = [
  "net.ipv4.ip_forward=1",
  ...["all", "default", "vB", "vD", "lo"].flatMap((dev) => [
    `net.ipv4.conf.${dev}.accept_source_route=1`,
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
export function buildHost(name: string): LinuxHost {
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
    const neighbours = (net: string, dev: string, mac: string): string[] =>
      Array.from(
        { length: 256 },
        (_, i) => `neigh replace ${net}.${i} lladdr ${mac} dev ${dev} nud permanent`,
      );
    run("ip", ["-n", wire, "-batch", "-"], "link set vA up\nlink set vC up\n");
    run("ip", [...inHost, "net.ipv6.conf.all.disable_ipv6=1"]);
    const lines = [
      `link set vB address ${MAC_HOST}`,
      "link set lo up",
      "link set vB up",
      "link set vD up",
      "addr add 10.9.0.2/24 dev vB",
      "addr add 10.10.0.2/24 dev vD",
      "addr add 10.77.0.3/32 dev lo",
      "route add 10.20.0.0/16 via 10.10.0.1 dev vD",
      ...neighbours("10.9.0", "vB", MAC_A).filter((_, i) => i !== 2 && i !== 255),
      ...neighbours("10.10.0", "vD", MAC_C).filter((_, i) => i !== 2 && i !== 255),
    ];
    run("ip", ["-n", host, "-batch", "-"], `${lines.join("\n")}\n`);
    for (const setting of SETTINGS) run("ip", [...inHost, setting]);
    return { wire, host, close };
  } catch (error) {
    close();
    throw error;
  }
}
