/** The events of a scenario in a result: when, on the trace's own time, and what. */
import type { ScenarioEvent } from "./emulation/scenario/scenario.ts";
import type { ResultEvent } from "./result.ts";

/** In order of time; the trace runs from `startSeconds` to `endSeconds`. Servers count from 1. */
export function resultEvents(
  events: readonly ScenarioEvent[],
  startSeconds: number,
  endSeconds: number,
): ResultEvent[] {
  return events
    .map((event) => {
      const { at } = event;
      const after = "ns" in at ? at.ns / 1e9 : at.share * (endSeconds - startSeconds);
      const whom =
        "server" in event
          ? ` server ${event.server + 1}`
          : "router" in event
            ? ` ${event.router + 1}`
            : "";
      return { seconds: startSeconds + after, what: `${event.do}${whom}` };
    })
    .sort((a, b) => a.seconds - b.seconds);
}
