/** The `--name=value` lines of a script. */
import { MICROSECOND } from "../../stack/clock.ts";
import { DrillFailure, type Script, Unsupported } from "./model.ts";

export interface Settings {
  family: 4 | 6;
  localIp: string;
  remoteIp: string;
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
    localIp: "",
    remoteIp: "",
    bindPort: 8080,
    connectPort: 8080,
    mtu: 1500,
    tolerance: 4000 * MICROSECOND,
    lenientCalls: false,
    timestampsTick: false,
  };
  for (const { name, value, line } of script.options) take(settings, name, value, line);
  settings.localIp ||= settings.family === 4 ? "192.168.0.1" : "fd3d:fa7b:d17d::1";
  settings.remoteIp ||= settings.family === 4 ? "192.0.2.1" : "2001:db8::1";
  return settings;
}

function take(settings: Settings, name: string, value: string, line: number): void {
  const whole = () => {
    if (!/^\d+$/.test(value)) {
      throw new DrillFailure(line, `--${name}: expected a whole number, found ${value}`);
    }
    return Number(value);
  };
  switch (name) {
    case "ip_version":
      if (value === "ipv4") settings.family = 4;
      else if (value === "ipv6") settings.family = 6;
      else throw new Unsupported(`--ip_version=${value}`, line);
      return;
    case "local_ip":
      settings.localIp = value;
      return;
    case "remote_ip":
      settings.remoteIp = value;
      return;
    case "bind_port":
      settings.bindPort = whole();
      return;
    case "connect_port":
      settings.connectPort = whole();
      return;
    case "mtu":
      settings.mtu = whole();
      return;
    case "tolerance_usecs":
      settings.tolerance = whole() * MICROSECOND;
      return;
    case "tcp_ts_tick_usecs":
      settings.timestampsTick = whole() > 0;
      return;
    case "non_fatal":
      settings.lenientCalls = value.split(",").includes("syscall");
      return;
    default:
      if (!WITHOUT_EFFECT.has(name)) throw new Unsupported(`--${name}`, line);
  }
}
