/** A laboratory with one capture for one scene, and what happened there to look at. */
import { setTimeout as sleep } from "node:timers/promises";
import { openTrace } from "../../../traces/open.ts";
import { type ReadPacket, readPackets } from "../../support/read-packets.ts";
import { Capture } from "./capture.ts";
import { Lab } from "./lab.ts";

/** An IPv4 packet of a scene with TCP or ICMP in it. */
export interface Seen {
  from: string;
  to: string;
  /** Option bytes in hexadecimal. */
  options: string;
  protocol: number;
  /** TCP: the flags as tcpdump writes them ("S.", "F."); ICMP: "type/code". */
  what: string;
  /** TCP ports, 0 elsewhere. */
  sourcePort: number;
  destinationPort: number;
  /** Bytes of TCP's data. */
  length: number;
  /** Bytes of the whole packet. */
  total: number;
}

const FLAGS: readonly (readonly [number, string])[] = [
  [1, "F"],
  [2, "S"],
  [4, "R"],
  [16, "."],
];

const quad = (b: Uint8Array, at: number): string => b.subarray(at, at + 4).join(".");

function see({ data }: ReadPacket): Seen | null {
  const frame = Buffer.from(data, "hex");
  if (frame.length < 34 || frame.readUInt16BE(12) !== 0x0800) return null;
  const b = frame.subarray(14, 14 + frame.readUInt16BE(16));
  const header = (b[0] & 15) * 4;
  const protocol = b[9];
  const tcp = protocol === 6;
  const flags = tcp ? b[header + 13] : 0;
  return {
    from: quad(b, 12),
    to: quad(b, 16),
    options: b.subarray(20, header).toString("hex"),
    protocol,
    what: tcp
      ? FLAGS.map(([bit, name]) => (flags & bit ? name : "")).join("")
      : `${b[header]}/${b[header + 1]}`,
    sourcePort: tcp ? b.readUInt16BE(header) : 0,
    destinationPort: tcp ? b.readUInt16BE(header + 2) : 0,
    length: tcp ? b.length - header - (b[header + 12] >> 4) * 4 : 0,
    total: b.length,
  };
}

/** What a scene is given. `seen` ends the capture and gives its IPv4 packets. */
export interface Stage {
  lab: Lab;
  seed: number;
  seen(): Promise<Seen[]>;
}

/** Resolves when `condition` holds; throws when it does not within `limit` milliseconds. */
export async function until(condition: () => boolean, limit = 10_000): Promise<void> {
  const end = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not within ${limit} ms: ${condition}`);
    await sleep(5);
  }
}

/** A scene that lasts longer waits for what will not come: most take a second, none takes a minute. */
const SCENE_MS = 120_000;

/** What `work` comes to; throws when that takes longer than a scene may. */
async function inTime(work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = sleep(SCENE_MS, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`the scene has not ended after ${SCENE_MS / 1000} s`)),
    () => {},
  );
  try {
    await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

/** Builds a laboratory, plays `scene` in it, takes it down. */
export async function play(
  seed: number,
  path: string,
  scene: (stage: Stage) => Promise<void>,
): Promise<void> {
  const lab = new Lab();
  try {
    await lab.open();
    const capture = await Capture.begin(lab.namespaces.nameOf("linux"), "lx0", path);
    const seen = async (): Promise<Seen[]> => {
      await capture.end();
      const packets = await readPackets(await openTrace([path]));
      return packets.map(see).filter((packet) => packet !== null);
    };
    await inTime(scene({ lab, seed, seen }));
  } finally {
    await lab.close();
  }
}
