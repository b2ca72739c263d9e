/** Verdicts on an IPv4 header, written byte by byte: what `reportedV4` says, without the objects. */
import { Judge } from "../../../ipopts/profiles/judge.ts";
import { PROFILES } from "../../../ipopts/profiles/profiles.ts";
import type { Verdict } from "../../../ipopts/profiles/verdict.ts";
import type { World } from "../../../ipopts/profiles/world.ts";
import * as ip4 from "../../../stack/wire/ipv4.ts";
import { type LineBuffer, piece } from "./line-buffer.ts";
import { type Stamp, stampOf } from "./line-memory.ts";

const ACTION = piece('{"action":"');
const ICMP = piece('icmp","icmp":{"type":');
const CODE = piece(',"code":');
const POINTER = piece(',"pointer":');
const END_ICMP = piece('},"reason":');
const FORWARD = piece('forward","dev":');
const HEADER = piece(',"header":"');
const REASON = piece('","reason":');
const ACCEPT = piece('accept","destination":"');
const OPTIONS = piece('","options":"');
const REPLY = piece('","replyOptions":"');
const DROP = piece('drop","reason":');
const COMMA = piece(",");
const COMMA_BLANK = piece(", ");
const BLANK = piece(" ");
const END = piece("}");

/** More words than kernels have reasons and hosts have interfaces. */
const MOST_WORDS = 4096;

/** Reasons and interfaces as bytes: few, and met again and again. */
class Words {
  readonly #bytes = new Map<string, DataView>();
  readonly #spell: (word: string) => string;

  constructor(spell: (word: string) => string) {
    this.#spell = spell;
  }

  of(word: string): DataView {
    const known = this.#bytes.get(word);
    if (known !== undefined) return known;
    if (this.#bytes.size >= MOST_WORDS) this.#bytes.clear();
    const bytes = piece(this.#spell(word));
    this.#bytes.set(word, bytes);
    return bytes;
  }
}

interface Judged {
  readonly n: number;
  /** `"engel":` and `engel `. */
  readonly key: DataView;
  readonly name: DataView;
}

export class VerdictPieces {
  readonly #judge: Judge;
  readonly #judged: readonly Judged[];
  readonly #json = new Words((word) => JSON.stringify(word));
  readonly #text = new Words((word) => word);

  /** Verdicts in `world` of the profiles named, in the order of `PROFILES`. */
  constructor(world: World, profiles: readonly string[]) {
    this.#judge = new Judge(world);
    this.#judged = [...PROFILES.entries()]
      .filter(([, { name }]) => profiles.includes(name))
      .map(([n, { name }]) => ({ n, key: piece(`"${name}":`), name: piece(`${name} `) }));
  }

  /**
   * Writes the verdicts on the sound header at `at`, `length` bytes of whose packet are there, as
   * JSON; tells which headers leave, their digits counted from `tail`.
   */
  json(out: LineBuffer, tail: number, view: DataView, at: number, length: number): Stamp[] {
    const stamps: Stamp[] = [];
    for (const [i, { n, key }] of this.#judged.entries()) {
      if (i > 0) out.put(COMMA);
      out.put(key);
      out.put(ACTION);
      const verdict = this.#judge.judge(PROFILES[n], view, at, length, true);
      const header = this.#verdictJson(out, verdict);
      if (header < 0) continue;
      const { headerView, headerLength } = verdict;
      const hops = ip4.ttl(view, at) - ip4.ttl(headerView, 0);
      stamps.push(stampOf(header - tail, headerView, headerLength, hops));
    }
    return stamps;
  }

  /** Returns where the digits of the header that leaves begin, −1 when none does. */
  #verdictJson(out: LineBuffer, verdict: Verdict): number {
    let header = -1;
    if (verdict.action === "icmp") {
      out.put(ICMP);
      out.number(verdict.type);
      out.put(CODE);
      out.number(verdict.code);
      if (verdict.pointer >= 0) {
        out.put(POINTER);
        out.number(verdict.pointer);
      }
      out.put(END_ICMP);
    } else if (verdict.action === "forward") {
      out.put(FORWARD);
      out.put(this.#json.of(verdict.dev));
      out.put(HEADER);
      header = out.length;
      out.hex(verdict.headerView, 0, verdict.headerLength);
      out.put(REASON);
    } else if (verdict.action === "accept") {
      out.put(ACCEPT);
      out.quad(verdict.destination);
      out.put(OPTIONS);
      out.hex(verdict.headerView, 20, Math.max(0, verdict.headerLength - 20));
      out.put(REPLY);
      out.hex(verdict.replyView, 0, verdict.replyLength);
      out.put(REASON);
    } else out.put(DROP);
    out.put(this.#json.of(verdict.reason));
    out.put(END);
    return header;
  }

  /** Writes the verdicts on such a header as text: `engel forward vD, linux drop`. */
  text(out: LineBuffer, view: DataView, at: number, length: number): void {
    for (const [i, { n, name }] of this.#judged.entries()) {
      if (i > 0) out.put(COMMA_BLANK);
      out.put(name);
      const { action, type, code, pointer, dev, destination } = this.#judge.judge(
        PROFILES[n],
        view,
        at,
        length,
        true,
      );
      if (action === "icmp") {
        const where = pointer < 0 ? "" : ` pointer ${pointer}`;
        out.put(this.#text.of(`icmp ${type}/${code}${where}`));
        continue;
      }
      out.put(this.#text.of(action));
      if (action === "forward" && dev !== "") {
        out.put(BLANK);
        out.put(this.#text.of(dev));
      } else if (action === "accept") {
        out.put(BLANK);
        out.quad(destination);
      }
    }
  }
}
