/** What a script says of the IP header: `[ect0]`, `(tos 0x28, ttl 4)`, `(dscp cs1, ecn ce)`. */
import type { Cursor } from "./cursor.ts";
import { type IpInfo, Unsupported } from "./model.ts";

const ECN: Record<string, number> = { noecn: 0, ect1: 1, ect0: 2, ce: 3 };
const DSCP: Record<string, number> = { ef: 46, voice_admit: 44, le: 1 };
for (let i = 0; i < 8; i++) DSCP[`cs${i}`] = i * 8;
for (const level of [1, 2, 3, 4]) {
  for (const drop of [1, 2, 3]) DSCP[`af${level}${drop}`] = level * 8 + drop * 2;
}

/** Reads it if it stands here. */
export function parseIpInfo(cursor: Cursor): IpInfo {
  const info: IpInfo = {};
  const found = cursor.match(/\[([^\]]*)\]|\(([^)]*)\)/y);
  if (!found) return info;
  const { line } = cursor;
  for (const part of (found[1] ?? found[2]).split(",")) take(info, part.trim(), line);
  return info;
}

function take(info: IpInfo, part: string, line: number): void {
  const [word, value = ""] = part.toLowerCase().split(/\s+/);
  const add = (bits: number, mask: number) => {
    info.tos = (info.tos ?? 0) | bits;
    info.tosMask = (info.tosMask ?? 0) | mask;
  };
  const ecn = word === "ecn" ? value : word;
  if (ecn in ECN) add(ECN[ecn], 3);
  else if (ecn === "ect01") info.ect01 = true;
  else if ((word === "tos" || word === "class") && value) add(Number(value), 0xff);
  else if (word === "dscp" && value in DSCP) add(DSCP[value] << 2, 0xfc);
  else if (word === "dscp" && /^0x/.test(value)) add(Number(value) << 2, 0xfc);
  else if ((word === "ttl" || word === "hlim") && value) info.ttl = Number(value);
  else throw new Unsupported(`(${part}) of the IP header`, line);
}
