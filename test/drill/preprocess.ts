/**
 * The preprocessor lines that some suites put around what differs between systems. Lines are kept,
 * emptied, so that numbers stay right.
 */

/** Names that count as defined: the stack behaves as FreeBSD unless a script says otherwise. */
const DEFINED = new Set(["FreeBSD", "__FreeBSD__"]);

/** `text` with the branches not taken, and the directives themselves, blanked. */
export function preprocess(text: string): string {
  const taken: boolean[] = [];
  return text
    .split("\n")
    .map((line) => {
      const directive = /^\s*#\s*(ifdef|ifndef|if|else|endif|define|undef)\b\s*(.*)$/.exec(line);
      if (!directive) return taken.every(Boolean) && !/^\s*#/.test(line) ? line : "";
      const [, word, name] = directive;
      if (word === "ifdef" || word === "if") taken.push(DEFINED.has(name.trim()));
      else if (word === "ifndef") taken.push(!DEFINED.has(name.trim()));
      else if (word === "else") taken.push(!taken.pop());
      else if (word === "endif") taken.pop();
      return "";
    })
    .join("\n");
}
