/** Damages packets the way wires, bugs and attackers do, from a seed. */
import { checksum } from "../../stack/wire/checksum.ts";
import type { TestRandom } from "./random.ts";

const EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 20, 39, 40, 44, 60, 127, 128, 131, 137, 255];

/** One to four small changes of a copy of `packet`; half the time the header's checksum is mended. */
export function mutate(packet: Uint8Array, random: TestRandom): Uint8Array {
  let bytes = packet.slice();
  for (let n = 1 + random.below(4); n > 0 && bytes.length > 0; n--) {
    // Headers are where the decisions are.
    const reach = random.below(3) === 0 ? bytes.length : Math.min(bytes.length, 64);
    const at = random.below(reach);
    switch (random.below(6)) {
      case 0:
        bytes[at] ^= 1 << random.below(8);
        break;
      case 1:
        bytes[at] = random.pick(EDGES);
        break;
      case 2:
        bytes[at] = random.below(256);
        break;
      case 3:
        bytes = bytes.slice(0, random.below(bytes.length + 1));
        break;
      case 4:
        bytes = Uint8Array.from([...bytes, ...random.bytes(random.below(40))]);
        break;
      default:
        bytes.copyWithin(at, random.below(bytes.length), random.below(bytes.length));
    }
  }
  if (random.below(4) !== 0) mendHeader(bytes);
  return bytes;
}

/** Writes the checksum that an IPv4 header of this length ought to have. */
function mendHeader(bytes: Uint8Array): void {
  const header = (bytes[0] & 15) << 2;
  if (bytes[0] >>> 4 !== 4 || header < 20 || header > bytes.length) return;
  const view = new DataView(bytes.buffer);
  view.setUint16(10, 0);
  view.setUint16(10, checksum(view, 0, header));
}
