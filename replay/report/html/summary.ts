/** What was replayed and how, verdicts, and the numbers behind the figures. */
import { bytes, counted, duration, percent, whole } from "../numbers.ts";
import { eventsText, type NamedOutcome, outcomeRows } from "../outcome-table.ts";
import { dataTable, escaped, facts } from "./markup.ts";
import type { Provenance, Run } from "./run.ts";
import { verdictOf } from "./verdicts.ts";

/** A sentence for each policy of each run. */
export function verdictSection(runs: readonly Run[]): string {
  const several = runs.length > 1;
  const items = runs.flatMap(({ name, result }) =>
    result.policies.map((policy) => {
      const who = several ? `${name}: ${policy.name}` : policy.name;
      return `<li><b>${escaped(who)}</b>: ${escaped(verdictOf(policy, result))}</li>`;
    }),
  );
  return `<section id="verdicts"><h2>In a sentence</h2><ul>\n${items.join("\n")}\n</ul></section>`;
}

/** The percentiles that the figures are made from. */
export function numbersSection(runs: readonly Run[]): string {
  const several = runs.length > 1;
  const rows = (["connections", "bytes"] as const).flatMap((measure) =>
    runs.flatMap(({ name, result }) =>
      result.policies.map((policy) => {
        const { imbalance: i } = policy[measure];
        const expected = measure === "connections" ? policy.connections.expected : null;
        return [
          escaped(several ? `${name}: ${policy.name}` : policy.name),
          measure === "connections" ? "active connections" : "bytes",
          whole(i.windows),
          ...[i.mean, i.p50, i.p95, i.p99, i.max, i.under30, i.under50].map(percent),
          expected === null ? "" : percent(expected),
        ];
      }),
    ),
  );
  const head = ["policy", "of", "windows", "mean", "p50", "p95", "p99", "max"];
  return `<section id="numbers"><h2>Imbalance in numbers</h2>
${dataTable("Imbalance: (max − min) / mean over the servers", [...head, "under 30 %", "under 50 %", "mean in theory"], rows)}
</section>`;
}

/** What each run read, and the experiment. */
export function traceSection(runs: readonly Run[]): string {
  const blocks = runs.map(({ name, result }) => {
    const { trace, experiment } = result;
    const rowsOfRuns = outcomeRows(result);
    const all = (pick: (row: NamedOutcome) => string) => [...new Set(rowsOfRuns.map(pick))];
    const events = eventsText(result);
    const skipped = Object.entries(trace.skipped).map(([why, n]) => `${whole(n)} ${why}`);
    const rows: [string, string][] = [
      ["trace", escaped(`${trace.files.join(", ")} (${trace.format})`)],
      [
        "traffic",
        `${counted(trace.packets, "packet")}, ${counted(trace.connections, "connection")} (${whole(trace.midstream)} already open) of ${trace.clientsEstimated ? "about " : ""}${counted(trace.clients, "client")}, ${bytes(trace.payloadBytes)} payload`,
      ],
      ["time", `${trace.start ?? "no time stamps"}, ${duration(trace.durationSeconds)}`],
      [
        "experiment",
        escaped(
          `${counted(experiment.servers, "server")}, windows of ${duration(experiment.windowSeconds)}, seed ${experiment.seed}, engine ${experiment.engine}`,
        ),
      ],
      ...(experiment.scenario
        ? [
            ["designs", escaped(all(({ design }) => design).join(", "))] satisfies [string, string],
            ["clients", escaped(all(({ client }) => client).join("; "))] satisfies [string, string],
            ["scenario", escaped(`${experiment.scenario}${events && `: ${events}`}`)] satisfies [
              string,
              string,
            ],
          ]
        : []),
      ...(trace.durations === "recorded"
        ? []
        : [["durations", escaped(trace.durations)] satisfies [string, string]]),
      ...(skipped.length > 0
        ? [["not followed", escaped(skipped.join(", "))] satisfies [string, string]]
        : []),
      ...(trace.truncated
        ? [["damage", "the input could not be read to its end"] satisfies [string, string]]
        : []),
    ];
    return `${runs.length > 1 ? `<h3>${escaped(name)}</h3>` : ""}${facts(rows)}`;
  });
  return `<section id="trace"><h2>What was replayed</h2>${blocks.join("\n")}</section>`;
}

/** How it was made, so that it can be made again. */
export function provenanceSection(provenance: Provenance): string {
  const { command, versions, files, damage } = provenance;
  const rows = files.map(({ name, bytes: size, sha256 }) => [
    escaped(name),
    size === null ? "" : whole(size),
    `<code>${sha256 ?? "read once, from a pipe"}</code>`,
  ]);
  const faults = damage.map((line) => `<li>${escaped(line)}</li>`).join("\n");
  return `<section id="how"><h2>How it was made</h2>
<p><code class="command">${escaped(command)}</code></p>
<p>${escaped(versions.join(", "))}</p>
${rows.length > 0 ? dataTable("Input files", ["file", "bytes", "SHA-256"], rows) : ""}
<h3>Damage found</h3>
${damage.length > 0 ? `<ul>${faults}</ul>` : "<p>None.</p>"}
</section>`;
}
