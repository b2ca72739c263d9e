/** Text for a terminal: columns under each other, lines of its width, colours where it has them. */

/** What a table is laid out for. */
export interface Screen {
  /** Columns of the terminal; null for a file or a pipe. */
  columns: number | null;
  color: boolean;
}

export const PIPE: Screen = { columns: null, color: false };

/**
 * Rows as lines: the first column to the left, the others to the right, bars as they are. What does
 * not fit in `width` goes from the right, bars before numbers.
 */
export function alignedTo(width: number, rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  let kept = widths.length;
  const needed = () => widths.slice(0, kept).reduce((sum, each) => sum + each + 2, 0);
  while (kept > 2 && needed() > width) kept--;
  return rows
    .map((row) =>
      row
        .slice(0, kept)
        .map((cell, column) =>
          column === 0 || cell.startsWith("  ")
            ? cell.padEnd(widths[column])
            : cell.padStart(widths[column]),
        )
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join("\n");
}

/**
 * As `alignedTo`, for rows whose first column is long: where that leaves no room for the others, it
 * has a line of its own above them.
 */
export function labelledTo(width: number, rows: readonly (readonly string[])[]): string {
  const needed = (rows[0] ?? []).reduce(
    (sum, _, column) => sum + 2 + Math.max(...rows.map((row) => row[column]?.length ?? 0)),
    0,
  );
  if (needed <= width) return alignedTo(width, rows);
  const [head, ...lines] = alignedTo(
    width,
    rows.map(([, ...numbers]) => ["", ...numbers]),
  ).split("\n");
  return [head, ...lines.flatMap((line, i) => [`  ${rows[i + 1][0]}`, line])].join("\n");
}

/** Sentences as lines of at most `width`. */
export function filled(text: string, width: number): string {
  return text.split(/\s+/).reduce((lines, word) => {
    const last = lines.length - (lines.lastIndexOf("\n") + 1);
    if (lines === "") return word;
    return `${lines}${last + 1 + word.length > width ? "\n" : " "}${word}`;
  }, "");
}

/** Breaks lines that are too long at spaces; what a line goes on with is indented by two. */
export function wrapped(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => {
      if (line.length <= width) return line;
      const lead = /^ */.exec(line)?.[0] ?? "";
      const indent = `${lead}  `;
      const lines: string[] = [];
      let current = lead;
      for (const word of line.slice(lead.length).split(" ")) {
        const longer = current === lead ? `${lead}${word}` : `${current} ${word}`;
        if (longer.length > width && current.trim() !== "") {
          lines.push(current);
          current = `${indent}${word}`;
        } else {
          current = longer;
        }
      }
      return [...lines, current].join("\n");
    })
    .join("\n");
}

const BOLD = "\u001b[1m";
const CYAN = "\u001b[36m";
const YELLOW = "\u001b[33m";
const RESET = "\u001b[0m";

/** Titles bold, bars and sparklines in a colour, what went wrong in another; sentences as they are. */
export function painted(text: string): string {
  const [heading, ...sections] = text.split("\n\n");
  const rest = sections.map((section) => (/\.\n?$/.test(section) ? section : lit(section)));
  return [lit(heading), ...rest].join("\n\n");
}

function lit(section: string): string {
  return section
    .split("\n")
    .map((line) => {
      if (line.startsWith("The input could not")) return `${YELLOW}${line}${RESET}`;
      if (/^\S/.test(line)) return `${BOLD}${line}${RESET}`;
      return line.replace(/[▁▂▃▄▅▆▇█▉▊▋▌▍▎▏]+/g, (bar) => `${CYAN}${bar}${RESET}`);
    })
    .join("\n");
}

const LEVELS = "▁▂▃▄▅▆▇█";

/** Values as a row of at most `cells` blocks, each as high as the mean of what falls into it. */
export function sparkline(values: readonly number[], cells: number): string {
  const count = Math.min(cells, values.length);
  const means = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const part = values.slice(from, Math.floor(((i + 1) * values.length) / count));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const most = Math.max(...means);
  return means
    .map((mean) => LEVELS[most > 0 ? Math.min(7, Math.floor((8 * mean) / most)) : 0])
    .join("");
}

/** Text without what a terminal would obey, which a file's name may hold: `\x1b` for an escape. */
export const printable = (text: string): string =>
  text.replace(/[^\P{Cc}\n]/gu, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
