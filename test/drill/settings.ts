/** The `--name=value` lines of a script. */
import { MICROSECOND } from "../../stack/clock.ts";
import { type Address, In6Addr } from "../../stack/ip6/in6-addr.ts";
import { parseV4, parseV6 } from "../../stack/wire/address.ts";
import { DrillFailure, type Script, Unsupported } from "./model.ts";

export interface Settings {
  family: 4 | 6;
  local: Address;
  remote: Address;
  /** Port that `bind(…, ..., ...)` takes, and that `connect(…, ..., ...)` goes to. */
  bindPort: number;
  connectPort: number;
  mtu: number;
  /** Nanoseconds that a packet may come early or late. */
  tolerance: number;
  /** A difference in a system call's result is noted and does not end the script. */
  lenientCalls: boolean;
  /** Timestamps of the stack must tick as the script says (`--tcp_ts_tick_usecs`). */
  timestampsTick: boolean;
}

/** Options that change nothing here, where time is virtual and nobody else uses the wire. */
const WITHOUT_EFFECT = new Set([
  "speed",
  "netmask_ip",
  "gateway_ip",
  "local_ip_prefix",
  "init_scripts",
  "debug",
  "verbose",
  "persistent_tun_dev",
]);

/** Reads the options of `script`; Unsupported names an unknown one. */
export function settingsOf(script: Script): Settings {
  const settings: Settings = {
    family: 4,
    local: 0,
    remote: 0,
    bindPort: 8080,
    connectPort: 8080,
    mtu: 1500,
    tolerance: 4000 * MICROSECOND,
    lenientCalls: false,
    timestampsTick: false,
  };
  for (const { name, value, line } of script.options) take(settings, name, value, line);
  const own = settings.family === 4 ? "192.168.0.1" : "fd3d:fa7b:d17d::1";
  const peer = settings.family === 4 ? "192.0.2.1" : "2001:db8::1";
  const given = (name: string, otherwise: string): Address => {
    const option = script.options.findLast((each) => each.name === name);
    return readAddress(option?.value ?? otherwise, settings.family, option?.line ?? 0);
  };
  settings.local = given("local_ip", own);
  settings.remote = given("remote_ip", peer);
  return settings;
}

function take(settings: Settings, name: string, value: string, line: number): void {
  const whole = (least = 0, most = 65535) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new DrillFailure(line, `--${name}: expected ${least} to ${most}, found ${value}`);
  };
  switch (name) {
    case "ip_version":
      if (value === "ipv4") settings.family = 4;
      else if (value === "ipv6") settings.family = 6;
      else throw new Unsupported(`--ip_version=${value}`, line);
      return;
    case "local_ip":
    case "remote_ip":
      // With the family, once that is known.
      return;
    case "bind_port":
      settings.bindPort = whole();
      return;
    case "connect_port":
      settings.connectPort = whole();
      return;
    case "mtu":
      settings.mtu = whole(68);
      return;
    case "tolerance_usecs":
      settings.tolerance = whole(0, 1e9) * MICROSECOND;
      return;
    case "tcp_ts_tick_usecs":
      settings.timestampsTick = whole(0, 1e9) > 0;
      return;
    case "non_fatal":
      settings.lenientCalls = value.split(",").includes("syscall");
      return;
    default:
      if (!WITHOUT_EFFECT.has(name)) throw new Unsupported(`--${name}`, line);
  }
}

/** The address of `family` written as `text`. */
export function readAddress(text: string, family: 4 | 6, line: number): Address {
  const words = family === 6 ? parseV6(text) : null;
  const address = words ? new In6Addr(...words) : family === 4 ? parseV4(text) : null;
  if (address !== null) return address;
  throw new DrillFailure(line, `expected an IPv${family} address, found ${text}`);
}
