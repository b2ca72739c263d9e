/** From the stack engine: which connections survive which design, policy and clients. */
import { percent, whole } from "../numbers.ts";
import { LOAD_NOTE, outcomeNotes, outcomeRows, routerTable } from "../outcome-table.ts";
import { dataTable, escaped } from "./markup.ts";
import type { Run } from "./run.ts";

/** The table and how connections broke; empty without the stack engine. */
export function survivalSection(runs: readonly Run[]): string {
  const rows = runs.flatMap(({ name, result }) =>
    outcomeRows(result).map((row) => ({ run: name, ...row })),
  );
  if (rows.length === 0) return "";
  const several = runs.length > 1;
  const label = (row: (typeof rows)[number]) =>
    escaped([...(several ? [row.run] : []), row.design].join(": "));
  const share = (count: number, of: number) =>
    `${whole(count)}${of > 0 && count > 0 ? ` <small>${percent(count / of)}</small>` : ""}`;
  const table = dataTable(
    "What became of the connections: design × policy × client",
    [
      "design",
      "policy",
      "client",
      "survived",
      "completed",
      "reset",
      "timed out",
      "never opened",
      "packets astray",
      "split SYNs",
      "option bytes",
      "pinned after",
    ],
    rows.map((row) => [
      label(row),
      escaped(row.policy),
      escaped(row.client),
      `<meter min="0" max="1" value="${row.connections > 0 ? row.completed / row.connections : 0}" aria-label="share that completed"></meter>`,
      share(row.completed, row.connections),
      share(row.reset, row.connections),
      share(row.timedOut, row.connections),
      share(row.neverOpened, row.connections),
      whole(row.pccViolations),
      whole(row.splitSyns),
      whole(row.optionBytes),
      row.pinDelay.connections > 0 ? `${(1000 * row.pinDelay.meanSeconds).toFixed(1)} ms` : "never",
    ]),
  );
  const breaks = rows.flatMap((row) =>
    Object.entries(row.broken).map(
      ([how, count]) =>
        `<li>${label(row)}, ${escaped(row.policy)}, ${escaped(row.client)}: ${whole(count)} × ${escaped(how)}</li>`,
    ),
  );
  const [head, ...remembered] = routerTable(rows).map((row) => row.map(escaped));
  const notes = [...new Set(runs.flatMap(({ result }) => outcomeNotes(outcomeRows(result))))];
  return `<section id="survival"><h2>Survival</h2>
${table}
${notes.map((note) => `<p>${escaped(note)}</p>`).join("\n")}
<p class="caption">${escaped(LOAD_NOTE.replace("What follows", "This"))}</p>
${head ? dataTable("Tables of flows in routers", head, remembered) : ""}
${breaks.length > 0 ? `<h3>How connections broke</h3><ul>${breaks.join("\n")}</ul>` : ""}
</section>`;
}
