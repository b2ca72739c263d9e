/**
 * The small Python of `%{ }%`: statements `assert CONDITION[, message]`, with comparisons, bits,
 * arithmetic, `and`, `or`, `not`, `in`. Nothing can be called but a few functions of numbers.
 */
import { DrillFailure, Unsupported } from "./model.ts";

export type Datum = number | string | boolean | null | Datum[];
export type Variables = (name: string) => Datum | undefined;

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(<<|>>|<=|>=|==|!=|\/\/|\*\*|[-+*/%|&^~<>()[\],]))/y;

const WORDS: Record<string, Datum> = { True: true, False: false, None: null };

const FUNCTIONS: Record<string, (...values: number[]) => number> = {
  abs: Math.abs,
  min: Math.min,
  max: Math.max,
  int: Math.trunc,
  float: Number,
  round: Math.round,
};

/** Binary operators from the loosest to the tightest. */
const LEVELS: readonly Record<string, (a: number, b: number) => number>[] = [
  { "|": (a, b) => Number(BigInt(a) | BigInt(b)) },
  { "^": (a, b) => Number(BigInt(a) ^ BigInt(b)) },
  { "&": (a, b) => Number(BigInt(a) & BigInt(b)) },
  { "<<": (a, b) => a * 2 ** b, ">>": (a, b) => Math.floor(a / 2 ** b) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  {
    "*": (a, b) => a * b,
    "/": (a, b) => a / b,
    "//": (a, b) => Math.floor(a / b),
    "%": (a, b) => a - b * Math.floor(a / b),
  },
];

const COMPARISONS: Record<string, (a: Datum, b: Datum) => boolean> = {
  "==": same,
  "!=": (a, b) => !same(a, b),
  "<": (a, b) => Number(a) < Number(b),
  "<=": (a, b) => Number(a) <= Number(b),
  ">": (a, b) => Number(a) > Number(b),
  ">=": (a, b) => Number(a) >= Number(b),
  in: (a, b) => Array.isArray(b) && b.some((each) => same(a, each)),
};

function same(a: Datum, b: Datum): boolean {
  if (typeof a === "boolean" || typeof b === "boolean") return Number(a) === Number(b);
  return a === b;
}

const truth = (a: Datum): boolean => (Array.isArray(a) ? a.length > 0 : Boolean(a));

class Expression {
  private readonly tokens: string[] = [];
  private at = 0;
  private readonly variables: Variables;
  private readonly line: number;

  constructor(text: string, line: number, variables: Variables) {
    this.variables = variables;
    this.line = line;
    TOKEN.lastIndex = 0;
    const end = text.trimEnd().length;
    while (TOKEN.lastIndex < end) {
      const from = TOKEN.lastIndex;
      const found = TOKEN.exec(text);
      if (!found) throw new Unsupported(`in %{ }%: ${text.slice(from).trim()}`, line);
      this.tokens.push(found[0].trim());
    }
  }

  /** The value of the whole. */
  all(): Datum {
    const value = this.either();
    if (this.at < this.tokens.length) this.unknown();
    return value;
  }

  private either(): Datum {
    let value = this.both();
    while (this.take("or")) {
      const other = this.both();
      value = truth(value) ? value : other;
    }
    return value;
  }

  private both(): Datum {
    let value = this.negated();
    while (this.take("and")) {
      const other = this.negated();
      value = truth(value) ? other : value;
    }
    return value;
  }

  private negated(): Datum {
    return this.take("not") ? !truth(this.negated()) : this.compared();
  }

  /** `a < b <= c` means both. */
  private compared(): Datum {
    let left = this.binary(0);
    let result: Datum | undefined;
    for (;;) {
      const inverse = this.tokens[this.at] === "not" && this.tokens[this.at + 1] === "in";
      if (inverse) this.at++;
      const compare = COMPARISONS[this.tokens[this.at] ?? ""];
      if (!compare) return result ?? left;
      this.at++;
      const right = this.binary(0);
      const holds = compare(left, right) !== inverse;
      result = (result === undefined || truth(result)) && holds;
      left = right;
    }
  }

  private binary(level: number): Datum {
    if (level === LEVELS.length) return this.unary();
    let value = this.binary(level + 1);
    for (;;) {
      const operator = LEVELS[level][this.tokens[this.at] ?? ""];
      if (!operator) return value;
      this.at++;
      value = operator(Number(value), Number(this.binary(level + 1)));
    }
  }

  private unary(): Datum {
    if (this.take("-")) return -Number(this.unary());
    if (this.take("+")) return Number(this.unary());
    if (this.take("~")) return -Number(this.unary()) - 1;
    const base = this.primary();
    return this.take("**") ? Number(base) ** Number(this.unary()) : base;
  }

  private primary(): Datum {
    const token = this.tokens[this.at++];
    if (token === undefined) return this.unknown();
    if (token === "(") return this.bracket(")");
    if (token === "[") return this.items("]");
    if (/^[\d.]/.test(token)) return Number(token);
    if (/^["']/.test(token)) return token.slice(1, -1);
    if (token in WORDS) return WORDS[token];
    const call = FUNCTIONS[token];
    if (call && this.take("(")) return call(...this.items(")").map(Number));
    const value = /^[A-Za-z_]/.test(token) ? this.variables(token) : undefined;
    if (value === undefined) throw new Unsupported(`${token} in %{ }%`, this.line);
    return value;
  }

  /** One value in parentheses, or a tuple. */
  private bracket(close: string): Datum {
    const items = this.items(close);
    return items.length === 1 && this.tokens[this.at - 2] !== "," ? items[0] : items;
  }

  private items(close: string): Datum[] {
    const items: Datum[] = [];
    while (!this.take(close)) {
      items.push(this.either());
      if (!this.take(",") && this.tokens[this.at] !== close) this.unknown();
    }
    return items;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private unknown(): never {
    throw new Unsupported(`in %{ }%: ${this.tokens.join(" ")}`, this.line);
  }
}

/** The value of `text`, its names looked up in `variables`. */
export const evaluate = (text: string, line: number, variables: Variables): Datum =>
  new Expression(text, line, variables).all();

/** Runs the statements of one `%{ }%`; throws DrillFailure with the names' values when one is false. */
export function runAssertions(code: string, line: number, variables: Variables): void {
  for (const statement of code.split(/[;\n]/)) {
    const text = statement.replace(/#.*$/, "").trim();
    if (text === "" || /^(print\b|import\b|pass$)/.test(text)) continue;
    const found = /^assert\b([\s\S]*)$/.exec(text);
    if (!found) throw new Unsupported(`%{ ${text} }%`, line);
    const condition = withoutMessage(found[1]);
    if (truth(evaluate(condition, line, variables))) continue;
    const names = new Set(condition.match(/\b[a-z_]\w*\b(?!\s*\()/g) ?? []);
    const values = [...names]
      .filter((name) => variables(name) !== undefined)
      .map((name) => `${name} is ${JSON.stringify(variables(name))}`);
    throw new DrillFailure(line, `assertion fails: ${condition.trim()}; ${values.join(", ")}`);
  }
}

/** `condition, message`: the part before the first comma outside brackets. */
function withoutMessage(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([".includes(text[i])) depth++;
    else if (")]".includes(text[i])) depth--;
    else if (text[i] === "," && depth === 0) return text.slice(0, i);
  }
  return text;
}
