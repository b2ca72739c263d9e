/** `sysctl` lines: those that stand for an option of the stack, and those that mean nothing here. */
import { MILLISECOND } from "../../stack/clock.ts";
import type { TcpConfig } from "../../stack/tcp/config.ts";
import type { Machine } from "./machine.ts";

type Setter = (config: TcpConfig, value: number) => void;

type Flag = { [K in keyof TcpConfig]: TcpConfig[K] extends boolean ? K : never }[keyof TcpConfig];
type Count = { [K in keyof TcpConfig]: TcpConfig[K] extends number ? K : never }[keyof TcpConfig];

const flag =
  (key: Flag): Setter =>
  (config, value) => {
    config[key] = value !== 0;
  };
const count =
  (key: Count, unit = 1): Setter =>
  (config, value) => {
    config[key] = value * unit;
  };

const ECN = ["off", "request", "accept", "accurate"] as const;
const CONTROL = ["none", "synAck", "all"] as const;

const TABLE: Readonly<Record<string, Setter>> = {
  "net.inet.tcp.rfc1323": (config, value) => {
    config.windowScale = value === 1 || value === 2;
    config.timestamps = value === 1 || value === 3;
  },
  "net.inet.tcp.sack.enable": flag("sack"),
  "net.inet.tcp.ecn.enable": (config, value) => {
    config.ecn = ECN[value] ?? "accept";
  },
  "net.inet.tcp.ecn.plusplus": (config, value) => {
    config.ecnControl = CONTROL[value] ?? "none";
  },
  "net.inet.tcp.ecn.maxretries": count("ecnRetries"),
  "net.inet.tcp.rexmit_initial": count("rtoInitial", MILLISECOND),
  "net.inet.tcp.rexmit_min": count("rtoMin", MILLISECOND),
  "net.inet.tcp.rexmit_slop": count("rtoSlop", MILLISECOND),
  "net.inet.tcp.rexmit_drop_options": flag("dropSynOptions"),
  "net.inet.tcp.tolerate_missing_ts": flag("tolerateMissingTimestamps"),
  "net.inet.tcp.blackhole": flag("blackhole"),
  "net.inet.tcp.drop_synfin": flag("dropSynFin"),
  "net.inet.tcp.insecure_syn": flag("insecureSyn"),
  "net.inet.tcp.insecure_rst": flag("insecureReset"),
  "net.inet.tcp.icmp_may_rst": flag("icmpMayReset"),
  "net.inet.tcp.path_mtu_discovery": flag("pathMtuDiscovery"),
  "net.inet.tcp.recvspace": count("receiveBuffer"),
  "net.inet.tcp.sendspace": count("sendBuffer"),
  "kern.ipc.maxsockbuf": count("maxBuffer"),
  "net.inet.tcp.mssdflt": count("defaultMss"),
  "net.inet.tcp.v6mssdflt": count("defaultMss6"),
  "net.inet.tcp.minmss": count("minMss"),
  "net.inet.tcp.keepinit": count("keepInit", MILLISECOND),
  "net.inet.tcp.keepidle": count("keepIdle", MILLISECOND),
  "net.inet.tcp.keepintvl": count("keepInterval", MILLISECOND),
  "net.inet.tcp.keepcnt": count("keepCount"),
  "net.inet.tcp.persmin": count("persistMin", MILLISECOND),
  "net.inet.tcp.persmax": count("persistMax", MILLISECOND),
  "net.inet.tcp.msl": count("msl", MILLISECOND),
  "net.inet.tcp.finwait2_timeout": count("finWait2Timeout", MILLISECOND),
  "net.inet.tcp.delayed_ack": (config, value) => {
    config.delayedAck = value === 0 ? 0 : config.delayedAck || 40 * MILLISECOND;
  },
  "net.inet.tcp.delacktime": count("delayedAck", MILLISECOND),
  "net.inet.tcp.initcwnd_segments": count("initialWindow"),
  "net.inet.tcp.retries": count("maxRetransmits"),
  "net.inet.tcp.syncache.rexmtlimit": count("maxSynAckRetransmits"),
  "net.inet.tcp.syncookies": (config, value) => {
    config.synCookies = value === 0 ? "never" : "overflow";
  },
  "net.inet.tcp.syncookies_only": (config, value) => {
    config.synCookies = value === 0 ? "overflow" : "always";
  },
  "kern.ipc.soacceptqueue": count("somaxconn"),
  "net.ipv4.tcp_timestamps": flag("timestamps"),
  "net.ipv4.tcp_window_scaling": flag("windowScale"),
  "net.ipv4.tcp_sack": flag("sack"),
  "net.ipv4.tcp_ecn": (config, value) => {
    config.ecn = ECN[value] ?? "accept";
  },
  "net.ipv4.tcp_syn_retries": count("maxSynRetransmits"),
  "net.ipv4.tcp_synack_retries": count("maxSynAckRetransmits"),
  "net.ipv4.tcp_retries2": count("maxRetransmits"),
};

const CONGESTION = ["net.inet.tcp.cc.algorithm", "net.ipv4.tcp_congestion_control"];

/** Carries out `name=value`; what has no meaning here is noted. */
export function setSysctl(machine: Machine, name: string, value: string): void {
  const { config } = machine.tcp;
  const setter = TABLE[name];
  if (setter && /^-?\d+$/.test(value)) setter(config, Number(value));
  else if (CONGESTION.includes(name) && /^(cubic|reno|newreno)$/.test(value)) {
    config.congestion = value === "cubic" ? "cubic" : "reno";
  } else machine.notes.push(`sysctl ${name}=${value} has no effect here`);
}
