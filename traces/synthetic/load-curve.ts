/**
 * The Olympic server's load, hour by hour over the whole trace, from the 94 hours that were
 * published. Hours of games days that were not take the published mean of their hour of the day.
 * Days before the opening (19 July) and after the closing (4 August) are that shape scaled by one
 * factor, solved so that the mean over the whole trace is the published one.
 */
import {
  HOURLY_LOAD,
  HOURLY_LOAD_START,
  MEAN_LOAD,
  TRACE_SECONDS,
  TRACE_START,
} from "./olympic96-facts.ts";

const HOUR_MS = 3_600_000;
/** The games in the trace's own hours: 19 July 00:00 to 5 August 00:00 EDT. */
const GAMES_FROM = hoursIn("1996-07-19T04:00:00Z");
const GAMES_TO = hoursIn("1996-08-05T04:00:00Z");

function hoursIn(time: string): number {
  return Math.floor((Date.parse(time) - Date.parse(TRACE_START)) / HOUR_MS);
}

/** Mbit/s in each of the trace's 607 hours. */
export function hourlyLoad(): Float64Array {
  const hours = TRACE_SECONDS / 3600;
  const published = hoursIn(HOURLY_LOAD_START);
  const shape = meanDay();
  const load = new Float64Array(hours);
  let games = 0;
  let others = 0;
  const isGames = (hour: number) => hour >= GAMES_FROM && hour < GAMES_TO;
  for (let hour = 0; hour < hours; hour++) {
    load[hour] = HOURLY_LOAD[hour - published] ?? shape[(hour + 17) % 24];
    if (isGames(hour)) games += load[hour];
    else others += load[hour];
  }
  const factor = (MEAN_LOAD * hours - games) / others;
  return load.map((mbps, hour) => (isGames(hour) ? mbps : mbps * factor));
}

/** Mean published load by hour of the day, from midnight EDT. */
function meanDay(): Float64Array {
  const sum = new Float64Array(24);
  const count = new Float64Array(24);
  HOURLY_LOAD.forEach((mbps, hour) => {
    if (mbps === null) return;
    sum[hour % 24] += mbps;
    count[hour % 24]++;
  });
  return sum.map((total, hour) => total / count[hour]);
}
