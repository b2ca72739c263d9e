/** Figures 1 and 2 as a page to step through: every byte on it comes from the walks it is given. */
import { createContext, runInContext } from "node:vm";
import type { Walk, WalkChoice } from "../../walk/steps.ts";
import { asset } from "./assets.ts";
import { htmlDocument } from "./document.ts";
import { escaped } from "./markup.ts";
import type { Provenance } from "./run.ts";

const TITLE = "anypin walk: a pinned connection, header by header";

/** `walks` hold one for each choice; the one for `first` is shown before any script runs. */
export function walkPage(
  walks: readonly Walk[],
  first: WalkChoice,
  provenance: Pick<Provenance, "command" | "versions">,
): string {
  const at = walks.findIndex((walk) => JSON.stringify(walk.choice) === JSON.stringify(first));
  if (at < 0) throw new RangeError("no walk of the choice to be shown first");
  const view = runInContext(`${asset("browser/walk-view.js")}\nwalkView`, createContext({})) as (
    walk: Walk,
  ) => string;
  const body = `<header><h1>${TITLE}</h1></header>
<p>Engel, Peris, Saha, Basturk, Haas (1998): a server with the shared address A makes every packet of a
connection come back to its own address U. The packets below were exchanged by two stacks; the triangle is the
option's pointer.</p>
<div id="walk-bar" class="bar" role="group" aria-label="what to walk through"></div>
<section id="walk" data-first="${at}" aria-live="polite">
${view(walks[at])}
</section>
<section><h2>How it was made</h2><p><code class="command">${escaped(provenance.command)}</code></p>
<p>${escaped(provenance.versions.join(", "))}</p></section>`;
  return htmlDocument(TITLE, body, {
    packed: [["walks", JSON.stringify(walks)]],
    scripts: ["unpack", "walk-view", "walk"],
    styles: ["walk"],
  });
}
