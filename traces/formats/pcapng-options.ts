/** What an interface description block says (draft-ietf-opsawg-pcapng, section 4.2). */
import { newInterface, type PcapngInterface, setResolution } from "./pcapng-interface.ts";

const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

/** Called for what cannot be true, at a position of the view. */
export type Complain = (at: number, expected: string, found: string) => void;

/**
 * Reads the interface description block at `at`, `total` bytes long, at least 20. Options that make
 * no sense are told to `complain` and count as absent.
 */
export function readInterface(
  view: DataView,
  at: number,
  total: number,
  little: boolean,
  complain: Complain,
): PcapngInterface {
  const face = newInterface(view.getUint16(at + 8, little), view.getUint32(at + 12, little));
  const end = at + total - 4;
  let option = at + 16;
  while (option + 4 <= end) {
    const code = view.getUint16(option, little);
    const length = view.getUint16(option + 2, little);
    const value = option + 4;
    if (code === 0) break;
    if (value + length > end) {
      complain(option, `an option of at most ${end - value} bytes`, `a length of ${length}`);
      break;
    }
    if (code === IF_TSRESOL) {
      if (length === 1) setResolution(face, view.getUint8(value));
      else complain(option, "an if_tsresol option of 1 byte", `${length} bytes`);
    } else if (code === IF_TSOFFSET) {
      if (length === 8) {
        const high = view.getUint32(value + (little ? 4 : 0), little);
        const low = view.getUint32(value + (little ? 0 : 4), little);
        face.offsetSeconds = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
      } else complain(option, "an if_tsoffset option of 8 bytes", `${length} bytes`);
    }
    option = value + length + (-length & 3);
  }
  return face;
}
