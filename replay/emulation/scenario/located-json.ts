/** JSON (RFC 8259) that remembers on which line each value stood. */

/** What is wrong with a scenario: the path of the value (`events[0].at`), its line from 1, and why. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  readonly line: number;

  constructor(path: string, line: number, message: string) {
    super(`line ${line}: ${path === "" ? "" : `${path}: `}${message}`);
    this.line = line;
  }
}

export interface LocatedJson {
  value: unknown;
  /** Line of the value at a path; of the nearest one around it where there is none. */
  lineOf(path: string): number;
}

/** Deeper nesting than this is no scenario. */
const DEEPEST = 64;

class Parser {
  readonly lines = new Map<string, number>();
  private readonly text: string;
  private at = 0;
  private line = 1;

  constructor(text: string) {
    this.text = text;
  }

  whole(): unknown {
    const value = this.value("", 0);
    this.space();
    if (this.at < this.text.length) throw this.expected("", "the end of the file");
    return value;
  }

  private value(path: string, depth: number): unknown {
    this.space();
    this.lines.set(path, this.line);
    if (depth > DEEPEST) throw new ScenarioError(path, this.line, "nested too deeply");
    const first = this.text[this.at];
    if (first === "{") return this.object(path, depth);
    if (first === "[") return this.array(path, depth);
    if (first === '"') return this.string(path);
    const [word] =
      /^(?:-?\d[\d.eE+-]*|true|false|null)/.exec(this.text.slice(this.at, this.at + 40)) ?? [];
    if (word === undefined) throw this.expected(path, "a value");
    try {
      const value: unknown = JSON.parse(word);
      this.at += word.length;
      return value;
    } catch {
      throw this.expected(path, "a number");
    }
  }

  private object(path: string, depth: number): Record<string, unknown> {
    const members: [string, unknown][] = [];
    this.list(path, "}", () => {
      this.space();
      if (this.text[this.at] !== '"') throw this.expected(path, "a name in quotes");
      const { line } = this;
      const name = this.string(path);
      if (members.some(([known]) => known === name)) {
        throw new ScenarioError(path, line, `"${name}" stands here twice`);
      }
      this.space();
      if (this.text[this.at] !== ":") throw this.expected(path, `":" after "${name}"`);
      this.at++;
      members.push([name, this.value(path === "" ? name : `${path}.${name}`, depth + 1)]);
    });
    return Object.fromEntries(members);
  }

  private array(path: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.list(path, "]", () => {
      items.push(this.value(`${path}[${items.length}]`, depth + 1));
    });
    return items;
  }

  /** What stands between brackets, a comma after each but the last. */
  private list(path: string, end: string, item: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] === end) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.space();
      const next = this.text[this.at];
      if (next !== "," && next !== end) throw this.expected(path, `"," or "${end}"`);
      this.at++;
      if (next === end) return;
    }
  }

  private string(path: string): string {
    const [literal] = /^"(?:[^"\\\n]|\\.)*"/.exec(this.text.slice(this.at, this.at + 10_000)) ?? [];
    if (literal === undefined) throw this.expected(path, "the end of a string");
    try {
      const text: string = JSON.parse(literal);
      this.at += literal.length;
      return text;
    } catch {
      throw this.expected(path, "a string");
    }
  }

  private space(): void {
    for (;;) {
      const c = this.text[this.at];
      if (c === "\n") this.line++;
      else if (c !== " " && c !== "\t" && c !== "\r") return;
      this.at++;
    }
  }

  private expected(path: string, what: string): ScenarioError {
    const [rest = ""] = this.text.slice(this.at, this.at + 20).split("\n");
    const found = this.at >= this.text.length ? "the end of the file" : JSON.stringify(rest);
    return new ScenarioError(path, this.line, `expected ${what}; found ${found}`);
  }
}

/** @throws {ScenarioError} where `text` is no JSON */
export function parseLocatedJson(text: string): LocatedJson {
  const parser = new Parser(text);
  const value = parser.whole();
  const { lines } = parser;
  return {
    value,
    lineOf(path) {
      for (let at = path; at !== ""; at = at.replace(/(\.[^.[]+|\[\d+\]|^[^.[]+)$/, "")) {
        const line = lines.get(at);
        if (line !== undefined) return line;
      }
      return lines.get("") ?? 1;
    },
  };
}
