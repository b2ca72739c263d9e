/** Seeded packets with options near the edges of every rule of the kernel under test. */
import { ipPacket } from "../../support/judged.ts";
import { toHex } from "../../support/options.ts";
import type { TestRandom } from "../../support/random.ts";

const OWN = ["10.9.0.2", "10.10.0.2", "10.77.0.3"];
const ON_LINK = ["10.9.0.1", "10.9.0.9", "10.9.0.77", "10.10.0.5", "10.10.0.9"];
const ROUTED = ["10.20.0.5", "10.20.255.255"];
const ODD = [
  ...["172.31.0.1", "8.8.8.8", "240.0.0.1", "255.255.255.255", "10.9.0.255", "10.10.0.255"],
  ...["10.9.0.0", "10.10.0.0", "224.0.0.1", "224.0.0.9", "239.1.2.3", "127.0.0.1"],
  ...["127.255.255.255", "0.0.0.0", "0.1.2.3", "10.77.0.4", "10.9.0.3", "10.11.0.2"],
  ...["10.11.0.5", "10.11.0.127", "10.255.255.255", "10.10.0.77", "192.0.2.2", "192.0.2.3"],
];

const SOURCES = ["10.9.0.1", "10.9.0.9", "10.9.0.77"];
const ODD_SOURCES = [
  "10.20.0.5",
  "10.10.0.9",
  "172.31.0.1",
  "10.9.0.2",
  "127.0.0.1",
  "0.0.0.0",
  ...[
    "224.0.0.9",
    "255.255.255.255",
    "240.0.0.1",
    "10.9.0.255",
    "10.10.0.255",
    "10.77.0.3",
    "0.1.2.3",
  ],
];

const hexQuad = (text: string): string =>
  text
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join("");

const byte = (value: number): string => (value & 255).toString(16).padStart(2, "0");

function anyAddress(random: TestRandom): string {
  const kind = random.below(10);
  if (kind < 3) return random.pick(OWN);
  if (kind < 6) return random.pick(ON_LINK);
  if (kind < 8) return random.pick(ROUTED);
  return random.pick([...ODD, ...SOURCES]);
}

/** A length that is mostly right and otherwise one off, or anything. */
function nearLength(random: TestRandom, right: number): number {
  const kind = random.below(20);
  if (kind < 15) return right;
  if (kind < 18) return Math.max(0, right + random.below(5) - 2);
  return random.below(42);
}

function routeOption(random: TestRandom): string {
  const type = random.below(3) ? "83" : "89";
  const hops = random.pick([0, 1, 1, 1, 2, 2, 2, 3, 4, 9]);
  const length = nearLength(random, 3 + 4 * hops);
  const slot = 4 + 4 * random.below(hops + 2);
  const pointer = random.below(8)
    ? slot
    : random.pick([0, 3, 5, 6, length, length + 1, 255, random.below(256)]);
  const slots = Array.from({ length: hops }, () => hexQuad(anyAddress(random))).join("");
  return `${type}${byte(length)}${byte(pointer)}${slots}`;
}

function recordOption(random: TestRandom): string {
  const slots = random.pick([0, 1, 1, 2, 3, 9]);
  const length = nearLength(random, 3 + 4 * slots);
  const pointer = random.below(5)
    ? 4 + 4 * random.below(slots + 2)
    : random.pick([0, 3, 5, 6, length, 255]);
  return `07${byte(length)}${byte(pointer)}${"00000000".repeat(slots)}`;
}

function timeOption(random: TestRandom): string {
  const flag = random.pick([0, 0, 1, 1, 3, 3, 3, 2, random.below(16)]);
  const step = flag === 0 ? 4 : 8;
  const slots = random.pick([0, 1, 1, 2, 3, 4]);
  const length = nearLength(random, 4 + step * slots);
  const pointer = random.below(5)
    ? 5 + step * random.below(slots + 2)
    : random.pick([0, 1, 4, 6, 9, length, 255]);
  const overflow = random.pick([0, 0, 0, 1, 14, 15]);
  const body = Array.from(
    { length: slots },
    () => `${step === 8 ? hexQuad(anyAddress(random)) : ""}00000000`,
  );
  return `44${byte(length)}${byte(pointer)}${byte((overflow << 4) | flag)}${body.join("")}`;
}

function otherOption(random: TestRandom, cipso: boolean): string {
  const fixed = [
    ...["94040000", "94040001", "94020100", "88040007", "820b000000000000000000", "85050102ff"],
    ...[
      "99040102",
      "9e0600000000",
      "0b0405dc",
      "0c040240",
      "520c00070003ffff0a090001",
      "1908044000000005",
    ],
    ...["95060a090009", "930a0000000100000002", "98040102", "1e020000", "99010000", "de00"],
  ];
  if (cipso) fixed.push("860a0000000101040000", "860600000001", "86070000000001");
  return random.pick(fixed);
}

/** Option bytes, at most 40. */
function options(random: TestRandom, cipso: boolean): string {
  if (random.below(25) === 0) return toHex(random.bytes(random.below(41)));
  const parts: string[] = [];
  for (let n = random.pick([1, 1, 1, 2, 2, 3, 4]); n > 0; n--) {
    while (random.below(4) === 0) parts.push("01");
    const kind = random.below(20);
    if (kind < 9) parts.push(routeOption(random));
    else if (kind < 12) parts.push(recordOption(random));
    else if (kind < 15) parts.push(timeOption(random));
    else if (kind < 19) parts.push(otherOption(random, cipso));
    else parts.push("00");
  }
  let text = parts.join("").slice(0, 80);
  if (random.below(30) === 0) text = text.slice(0, 2 * random.below(text.length / 2 + 1));
  return text.length === 0 ? "01" : text;
}

function destination(random: TestRandom): string {
  const kind = random.below(100);
  if (kind < 65) return random.pick(OWN);
  if (kind < 80) return random.pick(ON_LINK);
  if (kind < 90) return random.pick(ROUTED);
  return random.pick(ODD);
}

export interface Layout {
  readonly packet: Uint8Array;
  /** Whether a socket can see it: not so for a fragment or another protocol. */
  readonly observable: boolean;
}

/** An ICMP message of type 0 to 20, errors among them. */
const icmpPayload = (random: TestRandom): string => `${byte(random.below(21))}00000000000000`;

/** What the generator must know of the kernel it is for. */
export interface Target {
  /** Whether the kernel validates CIPSO options. */
  readonly cipso: boolean;
  /** Whether the host has a route to an address or owns it. */
  reaches(address: string): boolean;
}

/** Packet `number` of a batch. */
export function layout(random: TestRandom, number: number, target: Target): Layout {
  const to = destination(random);
  // The kernel limits unreachables per sender: spread the senders of what has no route.
  const spread = `10.20.${random.below(256)}.${random.below(256)}`;
  const usual = random.below(12) ? random.pick(SOURCES) : random.pick(ODD_SOURCES);
  const kind = random.below(40);
  const protocol = kind === 0 ? 1 : 17;
  const fragment = kind === 1 ? 1 + random.below(8) : 0;
  const id = number.toString(16).padStart(4, "0");
  const packet = ipPacket({
    id: number,
    source: target.reaches(to) ? usual : spread,
    destination: to,
    options: options(random, target.cipso),
    ttl: random.pick([64, 64, 64, 64, 64, 64, 255, 2, 1, 0]),
    protocol,
    fragment,
    payload: protocol === 1 ? icmpPayload(random) : `04570009000a0000${id}`,
  });
  return { packet, observable: protocol === 17 && fragment === 0 };
}
