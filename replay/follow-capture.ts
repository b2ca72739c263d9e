/** A capture, followed packet by packet. */
import type { Activity, Telling } from "../traces/activity.ts";
import type { TraceMemory } from "../traces/trace-memory.ts";
import { CaptureTimeline } from "./flow/capture-timeline.ts";
import { FlowEngine } from "./flow/flow-engine.ts";
import type { Following, Outcomes } from "./following.ts";

/**
 * Its activities lie in `memory`, where the engine reads them. Its policies have no thread of their
 * own: they are a small part of its work.
 */
export async function followCapture(
  activities: (telling: Telling) => AsyncIterable<Activity>,
  { memory }: TraceMemory,
  { policies, servers, windowNs, seed, bytes, statistics, stack }: Following,
): Promise<Outcomes> {
  const engine = new FlowEngine(policies, servers, windowNs, seed, memory);
  const timeline = new CaptureTimeline(windowNs, engine);
  const telling = { packets: stack !== null, moves: { windowNs, ...bytes } };
  for await (const activity of activities(telling)) {
    statistics.opened(activity.opened);
    statistics.closed(activity.closed);
    timeline.take(activity);
    await stack?.follow(activity, statistics.connections);
  }
  return engine.outcomes(timeline.finish());
}
