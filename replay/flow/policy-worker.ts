/** The thread in which policies run over events that another thread makes of a trace. */
import { parentPort, workerData } from "node:worker_threads";
import { findPolicy } from "../policies/index.ts";
import { FlowEngine } from "./flow-engine.ts";
import { END, EVENTS, KEYS, PolicyRing } from "./policy-ring.ts";
import type { PolicyJob } from "./policy-thread.ts";

const { memory, policies, servers, windowNs, seed } = workerData as PolicyJob;
const ring = new PolicyRing(memory);
try {
  const engine = new FlowEngine(
    policies.flatMap((name) => findPolicy(name) ?? []),
    servers,
    windowNs,
    seed,
  );
  for (;;) {
    const { head, keys, block } = ring.next("reader");
    const [kind, count, slots] = head;
    if (kind === KEYS) engine.announce(keys, count);
    if (kind === EVENTS) {
      block.count = count;
      engine.replay(block, slots);
    }
    if (kind === END) {
      const startNs = block.bytes[0];
      ring.done("reader");
      const outcomes = engine.outcomes({ startNs, windows: 0 });
      parentPort?.postMessage(outcomes.map(({ outcome }) => outcome));
      break;
    }
    ring.done("reader");
  }
} catch (error) {
  ring.fail();
  throw error;
}
