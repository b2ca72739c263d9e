/** Values of a scenario file, each checked as it is taken; an error names path, line and what was found. */
import { type LocatedJson, ScenarioError } from "./located-json.ts";

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
};

/** One value and where it stands. */
export class Checked {
  readonly value: unknown;
  readonly path: string;
  private readonly json: LocatedJson;

  constructor(json: LocatedJson, value: unknown, path: string) {
    this.json = json;
    this.value = value;
    this.path = path;
  }

  get isThere(): boolean {
    return this.value !== undefined;
  }

  fail(message: string): never {
    throw new ScenarioError(this.path, this.json.lineOf(this.path), message);
  }

  private expected(what: string): never {
    const found = this.isThere ? shown(this.value) : "nothing";
    return this.fail(`expected ${what}; found ${found}`);
  }

  /** The members of an object, none but `known` ones. */
  object<Name extends string>(known: readonly Name[]): Record<Name, Checked> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return this.expected("an object");
    }
    for (const name of Object.keys(value)) {
      if ((known as readonly string[]).includes(name)) continue;
      const path = this.member(name);
      const line = this.json.lineOf(path);
      throw new ScenarioError(path, line, `not known here; expected ${known.join(", ")}`);
    }
    const members = value as Record<string, unknown>;
    const pairs = known.map((name) => [name, this.at(members[name], this.member(name))] as const);
    return Object.fromEntries(pairs) as Record<Name, Checked>;
  }

  /** The items of an array, one at least. */
  array(): Checked[] {
    const { value } = this;
    if (!Array.isArray(value) || value.length === 0) return this.expected("a list, not empty");
    return value.map((item: unknown, i) => this.at(item, `${this.path}[${i}]`));
  }

  number(least: number, most: number): number {
    const { value } = this;
    const isIn = typeof value === "number" && value >= least && value <= most;
    return isIn ? value : this.expected(`a number of ${least} to ${most}`);
  }

  whole(least: number, most: number): number {
    const { value } = this;
    const isIn = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    return isIn ? (value as number) : this.expected(`a whole number of ${least} to ${most}`);
  }

  boolean(): boolean {
    return typeof this.value === "boolean" ? this.value : this.expected("true or false");
  }

  string(): string {
    return typeof this.value === "string" ? this.value : this.expected("a string");
  }

  oneOf<Word extends string>(words: readonly Word[]): Word {
    return words.find((word) => word === this.value) ?? this.expected(words.join(", "));
  }

  /** What `read` makes of the value, or `otherwise` where there is none. */
  or<T>(otherwise: T, read: (value: this) => T): T {
    return this.isThere ? read(this) : otherwise;
  }

  private member(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  private at(value: unknown, path: string): Checked {
    return new Checked(this.json, value, path);
  }
}
