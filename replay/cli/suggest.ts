/** What the user most likely meant: one rule for commands, options, policies and choices. */

/** Edits between two words: insert, delete, replace, swap neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2] + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length];
}

/** The nearest of `known` to `word`, or null when nothing is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  // A third of the letters wrong is still a slip; a word that is only begun is one as well.
  let limit = Math.max(1, Math.floor(word.length / 3)) + 1;
  const asked = word.toLowerCase();
  for (const name of known) {
    const whole = name.toLowerCase();
    const distance = Math.min(editDistance(asked, whole), beginning(asked, whole));
    if (distance >= limit) continue;
    limit = distance;
    best = name;
  }
  return best;
}

/** How far `word` is from a beginning of `name`, hyphens apart: a little more than a slip as far. */
function beginning(word: string, name: string): number {
  const [begun, whole] = [word, name].map((each) => each.replace(/[-_]/g, ""));
  const distance = editDistance(begun, whole.slice(0, begun.length));
  // In three letters or less a slip may be any word.
  const most = begun.length < 3 ? -1 : begun.length < 4 ? 0 : 1;
  return distance <= most ? 0.5 + distance : Number.POSITIVE_INFINITY;
}

/** `; did you mean "replay"?`, or nothing. Appended to a message about an unknown word. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const guess = nearest(word, known);
  return guess === null ? "" : `; did you mean "${guess}"?`;
}
