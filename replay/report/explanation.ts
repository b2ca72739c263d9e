/** A broken connection's packets as lines. */
import type { ExplainedConnection, ReplayResult } from "../result.ts";
import { whole } from "./numbers.ts";
import { END_NAMES, outcomeRows } from "./outcome-table.ts";

/** The connection that was to be explained, or why there is none; empty when none was asked for. */
export function explainedSection(result: ReplayResult): string {
  const { explained } = result;
  if (explained === undefined) return "";
  if (explained) return explanation(explained).trimEnd();
  const most = Math.max(0, ...outcomeRows(result).map((row) => row.connections - row.completed));
  return most === 0
    ? "Nothing to explain: no connection broke."
    : `Nothing to explain: ${whole(most)} connections broke at most, in one run.`;
}

/** The story of one connection, ending in a newline. */
function explanation(story: ExplainedConnection): string {
  const { design, policy, clients, client, server, end, how, holder, packets, more } = story;
  const held = holder > 0 ? `held by server ${holder}` : "held by no server";
  const head = `${client} to ${server} under ${design}, ${policy}, ${clients}: ${END_NAMES[end]} (${how}), ${held}`;
  const lines = packets.map((packet) => {
    const place = packet.place.padEnd(9);
    const arrow = packet.sent ? "sends" : "gets ";
    const options = packet.options === "" ? "" : `  {${packet.options}}`;
    const time = packet.time.toFixed(6).padStart(12);
    return `${time}  ${place} ${arrow}  ${packet.source} > ${packet.destination}  ${packet.transport}${options}`;
  });
  if (more > 0) lines.push(`  (${more} packets in the middle are left out)`);
  return `${head}\n${lines.join("\n")}\n`;
}
