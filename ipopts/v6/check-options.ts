/** What is wrong with options of hop-by-hop, destination and mobility headers and with SRH TLVs. */
import { error, type Fault, hexByte, note, warning } from "../fault.ts";
import {
  ACTION_DISCARD,
  ACTION_SKIP,
  HEADER_OPTIONS,
  OPTION_HOME_ADDRESS,
  OPTION_JUMBO,
  unknownAction,
} from "./header-options.ts";
import { fits } from "./layout.ts";
import { PAD1, type TlvFamily, TlvWalk, tlvName } from "./tlv.ts";

/** Options that belong in one of the two headers only, by type. */
const HOP_BY_HOP_ONLY: readonly number[] = [
  0x05, 0x07, 0x08, 0x23, 0x26, 0x30, 0x31, 0x63, 0x6d, 0xc2, 0xee,
];
const DESTINATION_ONLY: readonly number[] = [0x04, 0x0f, 0x8b, 0x8c, 0xc9];
const DEPRECATED: ReadonlyMap<number, string> = new Map([
  [0x4d, "RFC 7731 section 15"],
  [0x63, "RFC 9008 section 4.1"],
  [0x8a, "IANA registry of IPv6 options"],
]);

/** More padding than alignment to 8 ever takes; Linux drops the packet (`ip6_parse_tlv`). */
const MOST_PADDING = 7;

const WALK_MESSAGES = {
  "missing-length": "the header ends behind the type byte",
  overrun: "the option runs past the end of its header",
} as const;

const ACTIONS = ["skips it", "discards the packet", "discards and reports", "discards and reports"];

/**
 * Rules that every family shares: delimited options, lengths that fit, zero padding, alignment.
 * `[at, end)` holds the options, `headerAt` is where alignment counts from. `each` sees every
 * option that is no padding and of the right length.
 */
export function checkTlvs(
  family: TlvFamily,
  view: DataView,
  at: number,
  end: number,
  headerAt: number,
  faults: Fault[],
  each?: (walk: TlvWalk) => void,
): void {
  const walk = new TlvWalk();
  walk.start(view, at, end);
  let padding = 0;
  while (walk.next()) {
    if (walk.type === PAD1 || walk.type === family.padN) {
      padding += walk.length;
      checkPadding(view, walk, family, faults);
      if (padding > MOST_PADDING) {
        const message = `${padding} bytes of padding in a row, alignment takes 7 at most`;
        faults.push(warning("padding-too-long", walk.offset, message, "RFC 4942 section 2.1.9.5"));
        padding = 0;
      }
      continue;
    }
    padding = 0;
    const codec = family.codecs.get(walk.type);
    if (codec === undefined) {
      faults.push(unknownOption(family, walk));
    } else if (!fits(codec.layout, walk.dataLength)) {
      const message = `${codec.name} of ${walk.dataLength} data bytes`;
      faults.push(error("length-wrong", walk.offset + 1, message, codec.source));
      continue;
    } else {
      const [n, y] = codec.align;
      if ((walk.offset - headerAt) % n !== y % n) {
        const message = `${codec.name} stands at ${walk.offset - headerAt}, not at ${n}n + ${y}`;
        faults.push(warning("option-misaligned", walk.offset, message, codec.source));
      }
    }
    each?.(walk);
  }
  if (walk.fault !== null) {
    const where = walk.fault === "overrun" ? walk.offset + 1 : walk.offset;
    faults.push(
      error(`option-${walk.fault}`, where, WALK_MESSAGES[walk.fault], "RFC 8200 section 4.2"),
    );
  }
}

function checkPadding(view: DataView, walk: TlvWalk, family: TlvFamily, faults: Fault[]): void {
  for (let i = 0; i < walk.dataLength; i++) {
    if (view.getUint8(walk.dataAt + i) === 0) continue;
    const source = family.codecs.get(walk.type)?.source ?? "RFC 8200 section 4.2";
    faults.push(warning("padding-not-zero", walk.dataAt + i, "padding is not zero", source));
    return;
  }
}

function unknownOption(family: TlvFamily, walk: TlvWalk): Fault {
  const type = hexByte(walk.type);
  if (family !== HEADER_OPTIONS) {
    return note("option-unknown", walk.offset, `unknown ${family.name} ${type}`, "IANA registry");
  }
  const action = unknownAction(walk.type);
  const message = `unknown option ${type}: a node ${ACTIONS[action]}`;
  const make = action === ACTION_SKIP || action === ACTION_DISCARD ? note : warning;
  return make("option-unknown", walk.offset, message, "RFC 8200 section 4.2");
}

/**
 * Checks the options header at `at`, `length` bytes that lie in the view. `payload` is the fixed
 * header's payload length, for the jumbo option.
 */
export function checkOptionsHeader(
  view: DataView,
  at: number,
  length: number,
  hopByHop: boolean,
  payload: number,
  faults: Fault[],
): void {
  const seen = new Set<number>();
  checkTlvs(HEADER_OPTIONS, view, at + 2, at + length, at, faults, (walk) => {
    const { type, offset } = walk;
    const name = tlvName(HEADER_OPTIONS, type);
    const elsewhere = hopByHop ? DESTINATION_ONLY : HOP_BY_HOP_ONLY;
    const source = HEADER_OPTIONS.codecs.get(type)?.source ?? "RFC 8200 section 4.2";
    if (elsewhere.includes(type)) {
      const home = hopByHop ? "destination" : "hop-by-hop";
      const message = `${name} belongs in a ${home} options header`;
      faults.push(warning("option-misplaced", offset, message, source));
    }
    const deprecated = DEPRECATED.get(type);
    if (deprecated) {
      faults.push(note("option-deprecated", offset, `${name} is deprecated`, deprecated));
    }
    if (seen.has(type) && (type === OPTION_HOME_ADDRESS || type === OPTION_JUMBO)) {
      faults.push(error("option-twice", offset, `a second ${name}`, source));
    }
    seen.add(type);
    if (type === OPTION_JUMBO && hopByHop) checkJumbo(view, walk, payload, faults);
    if (type === OPTION_HOME_ADDRESS && view.getUint8(walk.dataAt) === 0xff) {
      const message = "the home address is a multicast address";
      faults.push(
        error("home-address-not-unicast", walk.dataAt, message, "RFC 6275 section 9.3.1"),
      );
    }
  });
}

function checkJumbo(view: DataView, walk: TlvWalk, payload: number, faults: Fault[]): void {
  const length = view.getUint32(walk.dataAt);
  const rule = "RFC 2675 section 3";
  if (payload !== 0) {
    const message = `jumbo payload beside a payload length of ${payload}`;
    faults.push(error("jumbo-with-length", walk.offset, message, rule));
  } else if (length < 65536) {
    const message = `jumbo payload length ${length} is below 65536`;
    faults.push(error("jumbo-too-small", walk.dataAt, message, rule));
  }
}
