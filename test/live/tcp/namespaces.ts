/** Network namespaces, the devices between them, and what makes a machine able to have them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const PREFIX = "anypin-live-";

/** A command failed: the machine cannot do this. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

/** Runs a command to its end; its output. Throws a SetupError when it fails. */
export function run(command: string, args: readonly string[], input = ""): string {
  const done = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.status === 0) return done.stdout;
  throw new SetupError(
    `${command} ${args.join(" ")}: ${done.error?.message ?? done.stderr.trim()}`,
  );
}

/** Why nothing can be set up here, or null. */
export function whyNot(): string | null {
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "it needs root";
  for (const [command, flag] of [
    ["ip", "-V"],
    ["nft", "--version"],
    ["ethtool", "--version"],
    ["tcpdump", "--version"],
    ["tshark", "--version"],
    ["python3", "--version"],
  ]) {
    if (spawnSync(command, [flag]).status !== 0) return `${command} is missing`;
  }
  return null;
}

/** The namespaces of this process, taken down together. */
export class Namespaces {
  private readonly names = new Map<string, string>();

  /** Makes a namespace; `role` is what the others call it. */
  add(role: string): void {
    const name = `${PREFIX}${process.pid}-${role}`;
    run("ip", ["netns", "add", name]);
    this.names.set(role, name);
    run("ip", ["-n", name, "link", "set", "lo", "up"]);
  }

  nameOf(role: string): string {
    const name = this.names.get(role);
    if (name === undefined) throw new Error(`no namespace ${role}`);
    return name;
  }

  /** `ip` commands, one on each line, in a namespace. */
  ip(role: string, ...lines: string[]): void {
    run("ip", ["-n", this.nameOf(role), "-batch", "-"], `${lines.join("\n")}\n`);
  }

  /** A command in a namespace; its output. */
  exec(role: string, command: string, args: readonly string[], input = ""): string {
    return run("ip", ["netns", "exec", this.nameOf(role), command, ...args], input);
  }

  sysctl(role: string, ...settings: string[]): void {
    for (const setting of settings) this.exec(role, "sysctl", ["-qw", setting]);
  }

  /** A pair of devices between two namespaces, without offloads: every checksum is computed. */
  link(
    near: string,
    nearDevice: string,
    nearMac: string,
    far: string,
    device: string,
    mac: string,
  ) {
    const [a, b] = [this.nameOf(near), this.nameOf(far)];
    const peer = ["peer", "name", device, "address", mac, "netns", b];
    run("ip", ["-n", a, "link", "add", nearDevice, "address", nearMac, "type", "veth", ...peer]);
    const off = ["tx", "off", "rx", "off", "gso", "off", "tso", "off", "gro", "off"];
    this.exec(near, "ethtool", ["-K", nearDevice, ...off]);
    this.exec(far, "ethtool", ["-K", device, ...off]);
  }

  close(): void {
    for (const name of this.names.values()) spawnSync("ip", ["netns", "del", name]);
    this.names.clear();
  }
}

/** Takes down the namespaces of this process, whoever made them. */
export function closeAll(): void {
  for (const name of existing()) {
    if (name.startsWith(`${PREFIX}${process.pid}-`)) spawnSync("ip", ["netns", "del", name]);
  }
}

const existing = (): string[] =>
  run("ip", ["netns", "list"])
    .split("\n")
    .map((line) => line.split(" ")[0]);

/** Takes down what a run that was killed has left behind. */
export function removeStale(): void {
  for (const name of existing()) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) spawnSync("ip", ["netns", "del", name]);
  }
}
