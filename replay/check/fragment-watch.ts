/**
 * Whether the fragments of a datagram carry what they must: options with the copied flag stand in
 * every fragment, the others in the first only (RFC 791 section 3.1). A small table of the last
 * datagrams seen in pieces; fragments may come in any order.
 */
import { isCopied, OPT_EOL, OPT_NOP } from "../../ipopts/option.ts";
import { OptionWalk } from "../../ipopts/walk.ts";
import * as ip4 from "../../stack/wire/ipv4.ts";
import type { Finding } from "./report.ts";

const SLOTS = 1024;
/** A header holds at most twenty options of two bytes. */
const MOST_TYPES = 20;
const RULE = "RFC 791 section 3.1";

interface Datagram {
  source: number;
  destination: number;
  idAndProtocol: number;
  /** Whether the types below are those of the first fragment. */
  first: boolean;
  types: readonly number[];
}

export class FragmentWatch {
  readonly #datagrams: (Datagram | undefined)[] = new Array(SLOTS).fill(undefined);
  readonly #walk = new OptionWalk();

  /** Looks at the fragment whose whole header stands at `at`; adds what it finds. */
  see(view: DataView, at: number, findings: Finding[]): void {
    const source = ip4.source(view, at);
    const destination = ip4.destination(view, at);
    const idAndProtocol = ip4.identification(view, at) * 256 + ip4.protocol(view, at);
    const first = ip4.fragmentOffset(view, at) === 0;
    const types = this.#copiedTypes(view, at, first, findings);
    const hash = Math.imul(source ^ Math.imul(destination, 31) ^ idAndProtocol, 0x9e3779b1);
    const slot = (hash >>> 16) & (SLOTS - 1);
    const known = this.#datagrams[slot];
    const same =
      known?.source === source &&
      known.destination === destination &&
      known.idAndProtocol === idAndProtocol;
    if (same && known) {
      const [whole, part] = known.first || !first ? [known.types, types] : [types, known.types];
      const lost = whole.filter((type) => !part.includes(type));
      if (lost.length > 0) findings.push(lostOption(lost));
      if (known.first) return;
    }
    this.#datagrams[slot] = { source, destination, idAndProtocol, first, types };
  }

  #copiedTypes(view: DataView, at: number, first: boolean, findings: Finding[]): number[] {
    const types: number[] = [];
    const walk = this.#walk;
    const length = ip4.headerLength(view, at) - ip4.IPV4_HEADER_LENGTH;
    walk.start(view, at + ip4.IPV4_HEADER_LENGTH, length);
    while (walk.next() && types.length < MOST_TYPES) {
      if (walk.type === OPT_EOL || walk.type === OPT_NOP) continue;
      if (isCopied(walk.type)) types.push(walk.type);
      else if (!first) findings.push(copiedOption(walk.type, walk.at - at));
    }
    return types;
  }
}

const lostOption = (types: readonly number[]): Finding => ({
  code: "fragment-lost-option",
  offset: ip4.IPV4_HEADER_LENGTH,
  message: `option ${types.join(", ")} is copied on fragmentation and stands in only some of them`,
  severity: "error",
  source: RULE,
});

const copiedOption = (type: number, offset: number): Finding => ({
  code: "fragment-copied-option",
  offset,
  message: `option ${type} belongs in the first fragment only`,
  severity: "warning",
  source: RULE,
});
