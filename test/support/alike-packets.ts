/** Packets of which many have the same header, or nearly. */
import { ipPacket, type PacketFields } from "./judged.ts";
import { nearOptions, toHex } from "./options.ts";
import { testRandom } from "./random.ts";

/** Packets that share a few option areas and differ in what a verdict may depend on. */
export function alikePackets(seed: number, count: number): Uint8Array[] {
  const random = testRandom(seed);
  const areas = Array.from({ length: 60 }, () => toHex(nearOptions(random, 4 * random.below(11))));
  areas.push("01830704c6336532", "0183070cc6336532", "01830304", "9404000094040000");
  areas.push("830704c6336532890704c6336532");
  return Array.from({ length: count }, () => {
    const protocol = random.pick([1, 6, 17]);
    const fields: PacketFields = {
      source: random.pick(["192.0.2.1", "192.0.2.2", "224.0.0.1"]),
      destination: random.pick(["198.51.100.7", "198.51.100.8"]),
      options: random.pick(areas),
      id: random.below(65536),
      ttl: random.pick([1, 2, 64]),
      fragment: random.pick([0, 0, 0, 0x2000, 5]),
      protocol,
      payload:
        protocol === 1
          ? random.pick(["0800f7ff00000000", "0301000000000000"])
          : random.pick(["04570009000a00006869", "e0000001000a00006869"]),
    };
    return ipPacket(fields);
  });
}
