/** The thread in which policies run over events that another thread makes of a trace. */
import { parentPort, workerData } from "node:worker_threads";
import { findPolicy } from "../policies/index.ts";
import { FlowEngine } from "./flow-engine.ts";
import { PLACES, PolicyRing, TO_FILL, TO_REPLAY } from "./policy-ring.ts";
import type { PolicyJob } from "./policy-thread.ts";

const { memory, ring, policies, servers, windowNs, seed } = workerData as PolicyJob;
const { turns, places } = new PolicyRing(memory.buffer, ring);
try {
  const named = policies.flatMap((name) => findPolicy(name) ?? []);
  const engine = new FlowEngine(named, servers, windowNs, seed, memory);
  for (let at = 0; turns.wait(at, TO_REPLAY); at = (at + 1) % PLACES) {
    const { span } = places[at];
    if (span) {
      parentPort?.postMessage(engine.outcomes(span).map(({ outcome }) => outcome));
      break;
    }
    places[at].replay(engine);
    turns.pass(at, TO_FILL);
  }
} catch (error) {
  turns.fail();
  throw error;
}
