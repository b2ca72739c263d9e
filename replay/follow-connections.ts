/** A trace of whole connections, followed one by one. */
import type { ConnectionColumns } from "../traces/connection.ts";
import type { TraceMemory } from "../traces/trace-memory.ts";
import { ConnectionTimeline } from "./flow/connection-timeline.ts";
import { FlowEngine } from "./flow/flow-engine.ts";
import { PolicyThread } from "./flow/policy-thread.ts";
import type { Following, Outcomes } from "./following.ts";

/** The engine works in `memory`. With two threads or more, policies have one of their own. */
export async function followConnections(
  blocks: AsyncIterable<ConnectionColumns>,
  memory: TraceMemory,
  { policies, servers, windowNs, seed, bytes, threads, statistics, stack }: Following,
): Promise<Outcomes> {
  const engine =
    threads > 1
      ? new PolicyThread(policies, servers, windowNs, seed, memory)
      : new FlowEngine(policies, servers, windowNs, seed, memory.memory);
  const timeline = new ConnectionTimeline(windowNs, bytes, engine);
  try {
    for await (const block of blocks) {
      statistics.whole(block);
      for (let row = 0; row < block.count; ) {
        row = timeline.take(block, row);
        if (row < block.count) await engine.free();
      }
      const recorded = { rows: block, pace: null, first: 0, end: block.count };
      await stack?.take(recorded, statistics.connections);
    }
    while (!timeline.finish()) await engine.free();
    return await engine.outcomes(timeline.span);
  } finally {
    await engine.end();
  }
}
