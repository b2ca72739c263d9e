/** A broken connection as a ladder: time downwards, a rail for each host, an arrow for each packet. */
import type { ExplainedConnection } from "../../result.ts";
import { whole } from "../numbers.ts";
import { escaped } from "./markup.ts";
import type { Run } from "./run.ts";

type Packet = ExplainedConnection["packets"][number];

/** A packet from where it was sent to where it arrived; null: nowhere, or from beyond the hosts. */
interface Rung {
  packet: Packet;
  from: string | null;
  to: string | null;
}

/** Packets drawn of one connection: its beginning and its end. */
const MOST_RUNGS = 60;
const ROW = 40;
const TOP = 34;
const LEFT = 90;
/** How far the rails stand apart, and all of them where there is room. */
const WIDEST = 320;
const NARROWEST = 190;
const TOGETHER = 720;

/** One for each run that had a connection explained; else empty. */
export function ladderSection(runs: readonly Run[]): string {
  const parts = runs.flatMap(({ result: { explained } }) => (explained ? [ladder(explained)] : []));
  return parts.length > 0 ? `<section id="ladder">${parts.join("\n")}</section>` : "";
}

function ladder(story: ExplainedConnection): string {
  const all = rungsOf(story.packets);
  const half = MOST_RUNGS / 2;
  const rungs = all.length > MOST_RUNGS ? [...all.slice(0, half), ...all.slice(-half)] : all;
  const left = all.length - rungs.length + story.more;
  const holder = story.holder > 0 ? `server ${story.holder} held it` : "no server held it";
  const title = `A connection that broke: ${story.client} to ${story.server}`;
  const about = `${story.design}, ${story.policy}, ${story.clients} clients: ${story.how}; ${holder}${left > 0 ? `; ${whole(left)} packets in the middle left out` : ""}.`;
  return `<h2>${escaped(title)}</h2><p class="caption">${escaped(about)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="ladder diagram">${drawing(rungs, story.holder)}</div>`;
}

/** Pairs what was sent with what arrived: same sender, same transport header, the latest not taken (a lost one was sent before). */
function rungsOf(packets: readonly Packet[]): Rung[] {
  const rungs: Rung[] = [];
  for (const packet of packets) {
    if (packet.sent) {
      rungs.push({ packet, from: packet.place, to: null });
      continue;
    }
    const sent = rungs.findLast(
      (rung) =>
        rung.to === null &&
        rung.from !== null &&
        rung.from !== packet.place &&
        rung.packet.source === packet.source &&
        rung.packet.transport === packet.transport,
    );
    if (sent) sent.to = packet.place;
    else rungs.push({ packet, from: null, to: packet.place });
  }
  return rungs;
}

function drawing(rungs: readonly Rung[], holder: number): string {
  const servers = new Set(
    rungs
      .flatMap(({ from, to }) => [from, to])
      .filter((place) => place !== null && place !== "client"),
  );
  const places = ["client", ...[...servers].sort()];
  const apart = Math.max(NARROWEST, Math.min(WIDEST, TOGETHER / (places.length - 1 || 1)));
  const x = (place: string | null) => LEFT + apart * Math.max(0, places.indexOf(place ?? "client"));
  const height = TOP + ROW * rungs.length + 20;
  const width = LEFT + apart * Math.max(1, places.length - 1) + 120;
  const rails = places.map(
    (place) =>
      `<path d="M${x(place)} ${TOP - 8}V${height}" stroke="var(--faint)"/><text x="${x(place)}" y="16" text-anchor="middle" font-weight="700">${escaped(String(place))}</text>`,
  );
  const arrows = rungs.map((rung, i) => arrow(rung, TOP + ROW * i + 24, x, holder));
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="packets of the connection in order of time" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="var(--ink)">
${rails.join("\n")}
${arrows.join("\n")}
</svg>`;
}

function arrow(
  { packet, from, to }: Rung,
  y: number,
  x: (place: string | null) => number,
  holder: number,
): string {
  const begins = from === null ? x(to) + (to === "client" ? 60 : -60) : x(from);
  const way = from === "client" ? 1 : -1;
  const ends = to === null ? x(from) + 110 * way : x(to);
  const right = ends > begins;
  const [near, text] = right ? [begins, "start"] : [ends, "start"];
  const server = from === "client" ? to : from;
  const astray = server !== null && server !== "client" && server !== `server ${holder}`;
  const color = astray || to === null ? "var(--s1)" : "var(--s0)";
  const head = right ? "l-8 -4v8z" : "l8 -4v8z";
  const end =
    to === null
      ? `<text x="${ends}" y="${y + 4}" fill="${color}" font-size="14" text-anchor="middle">×</text>`
      : `<path d="M${ends} ${y}${head}" fill="${color}"/>`;
  const options = packet.options ? ` {${packet.options}}` : "";
  return `<text x="4" y="${y + 4}" fill="var(--faint)">${packet.time.toFixed(4)} s</text>
<text x="${near + 10}" y="${y - 5}" text-anchor="${text}">${escaped(`${packet.transport.replace(/^\d+ > \d+ /, "")}${options}`)}</text>
<path d="M${begins} ${y}H${ends}" stroke="${color}" stroke-width="1.6"${astray ? ' stroke-dasharray="6 3"' : ""}/>${end}`;
}
