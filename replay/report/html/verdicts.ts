/** What a replay says of each policy, in a sentence. */
import type { OutcomeResult, PolicyResult, ReplayResult } from "../../result.ts";
import { percent, whole } from "../numbers.ts";

/** One plain sentence for each policy, without the policy's name. */
export function verdictOf(policy: PolicyResult, { experiment }: ReplayResult): string {
  const clauses = [...balance(policy, experiment.servers), ...fates(policy.outcomes ?? [])];
  return `${clauses.filter(Boolean).join("; ")}.`;
}

/** How evenly servers are loaded. */
function balance(policy: PolicyResult, servers: number): string[] {
  const { imbalance } = policy.connections;
  if (imbalance.windows === 0) return ["no window had an open connection: nothing to judge"];
  if (servers === 1) return ["one server has everything, whatever the policy"];
  const half = `in half of the windows the busiest and the idlest server differ by less than ${percent(imbalance.p50)} of the mean, in 95 % by less than ${percent(imbalance.p95)}`;
  return [half, theory(policy), bytesClause(policy)];
}

function theory({ connections }: PolicyResult): string {
  const { expected, imbalance } = connections;
  if (expected === null || expected === 0) return "";
  const ratio = imbalance.mean / expected;
  const beside = `a mean of ${percent(imbalance.mean)} beside ${percent(expected)} in theory`;
  if (ratio > 1.25) return `${beside}: burstier than Poisson arrivals`;
  if (ratio < 0.8) return `${beside}: steadier than Poisson arrivals`;
  return `${beside}, as Poisson arrivals would have it`;
}

const bytesClause = ({ bytes }: PolicyResult): string =>
  bytes.imbalance.windows === 0 ? "" : `bytes: ${percent(bytes.imbalance.p50)} at the median`;

/** A clause for each design, or several where its clients fare differently. */
function fates(outcomes: readonly OutcomeResult[]): string[] {
  const designs = [...new Set(outcomes.map(({ design }) => design))];
  return designs.flatMap((design) => {
    const own = outcomes.filter((outcome) => outcome.design === design);
    const alike = new Map<string, string[]>();
    for (const outcome of own) {
      const text = fate(outcome);
      alike.set(text, [...(alike.get(text) ?? []), outcome.client]);
    }
    return [...alike].map(([text, clients]) => {
      const everyone = own.length > 1 && clients.length === own.length;
      return `${design} with ${everyone ? "all" : clients.join(" or ")} clients: ${text}`;
    });
  });
}

function fate({ connections, completed }: OutcomeResult): string {
  if (connections === 0) return "no connection was run";
  if (completed === connections) return "every connection completes";
  if (completed === 0) return "no connection completes";
  const broken = connections - completed;
  return `${whole(broken)} of ${whole(connections)} connections break (${percent(broken / connections)})`;
}
