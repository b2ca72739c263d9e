/** Reading a script from left to right: comments and white space are skipped before every token. */
import { DrillFailure } from "./model.ts";

/** A comment, a preprocessor line, or white space. */
const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

export class Cursor {
  readonly text: string;
  at = 0;
  private countedTo = 0;
  private lines = 1;

  constructor(text: string) {
    this.text = text;
  }

  /** The line of the next token. */
  get line(): number {
    if (this.at < this.countedTo) {
      this.countedTo = 0;
      this.lines = 1;
    }
    for (; this.countedTo < this.at; this.countedTo++) {
      if (this.text.charCodeAt(this.countedTo) === 10) this.lines++;
    }
    return this.lines;
  }

  skipBlank(): void {
    BLANK.lastIndex = this.at;
    if (BLANK.test(this.text)) this.at = BLANK.lastIndex;
  }

  get done(): boolean {
    this.skipBlank();
    return this.at >= this.text.length;
  }

  /** What `pattern` (sticky) matches here, or null; goes past it. */
  match(pattern: RegExp): RegExpExecArray | null {
    this.skipBlank();
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  /** True when `word` stands here; goes past it. */
  take(word: string): boolean {
    this.skipBlank();
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  /** True when `word` stands here. */
  sees(word: string): boolean {
    this.skipBlank();
    return this.text.startsWith(word, this.at);
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(`expected ${word}`);
  }

  /** The match, or a failure that says what was wanted. */
  need(pattern: RegExp, wanted: string): RegExpExecArray {
    return this.match(pattern) ?? this.fail(`expected ${wanted}`);
  }

  fail(what: string): never {
    const next = this.text.slice(this.at, this.at + 40).split("\n")[0];
    // What a damaged file holds is not for a terminal to obey.
    const rest = next.replace(/[^ -~]/gu, "\ufffd") || "the end of the script";
    throw new DrillFailure(this.line, `syntax: ${what}, found ${rest}`);
  }
}

const WHOLE = /-?(?:0[xX][0-9a-fA-F]+|\d+)/y;

/** A whole number, decimal or hexadecimal, 32 bits at most. */
export function wholeNumber(cursor: Cursor, wanted = "a number", most = 0xffffffff): number {
  const number = Number(cursor.need(WHOLE, wanted)[0]);
  if (Math.abs(number) > most) cursor.fail(`${wanted} is ${most} at most: ${number}`);
  return number;
}

/** A whole number of 16 bits, not negative. */
export function shortNumber(cursor: Cursor, wanted: string): number {
  const number = wholeNumber(cursor, wanted, 0xffff);
  if (number < 0) cursor.fail(`${wanted} is not negative: ${number}`);
  return number;
}
