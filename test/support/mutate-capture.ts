/** Damages captures the way disks, networks and writers do, reproducibly. */
import type { TestRandom } from "./random.ts";

export interface Mutation {
  bytes: Uint8Array;
  /** Every byte before this offset is as it was; what lies wholly there must still be read. */
  intact: number;
  /** What was done, for a failure's message. */
  what: string;
}

type Mutator = (bytes: Uint8Array, random: TestRandom, other: Uint8Array) => Mutation;

/** Flips one to twenty bits, anywhere. */
const flipBits: Mutator = (bytes, random) => {
  const copy = new Uint8Array(bytes);
  const count = 1 + random.below(20);
  let intact = copy.length;
  for (let i = 0; i < count; i++) {
    const at = random.below(copy.length);
    copy[at] ^= 1 << random.below(8);
    intact = Math.min(intact, at);
  }
  return { bytes: copy, intact, what: `${count} bits flipped` };
};

/** Ends the file early. */
const cut: Mutator = (bytes, random) => {
  const length = random.below(bytes.length);
  return { bytes: bytes.subarray(0, length), intact: length, what: `cut to ${length} bytes` };
};

/** Numbers that lie: too much by a little, by a lot, nothing, negative. */
const LIES = [0, 1, 15, 40, 1500, 65_535, 262_144, 262_145, 16 << 20, 0x7fffffff, 0xffffffff];

/** Overwrites one to five 32-bit words that may be lengths with lies, in either byte order. */
const lie: Mutator = (bytes, random) => {
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  const count = 1 + random.below(5);
  let intact = copy.length;
  for (let i = 0; i < count && copy.length >= 4; i++) {
    const at = wordLikeALength(view, random);
    view.setUint32(at, random.pick(LIES), random.below(2) === 0);
    intact = Math.min(intact, at);
  }
  return { bytes: copy, intact, what: `${count} words made to lie` };
};

/** A place that holds a small number, as lengths do, if one is found in a few throws. */
function wordLikeALength(view: DataView, random: TestRandom): number {
  let at = 0;
  for (let tries = 0; tries < 50; tries++) {
    at = random.below(view.byteLength - 3);
    const smallest = Math.min(view.getUint32(at), view.getUint32(at, true));
    if (smallest > 0 && smallest < 70_000) break;
  }
  return at;
}

/** Puts a piece of another capture, of this one, of noise or of zeros in, over what stands there or between. */
const splice: Mutator = (bytes, random, other) => {
  const at = random.below(bytes.length);
  const length = 1 + random.below(random.pick([20, 400, 5000]));
  const from = random.below(other.length);
  const kind = random.pick(["another", "this", "noise", "zeros"] as const);
  const piece = {
    another: () => other.subarray(from, from + length),
    this: () => bytes.subarray(random.below(bytes.length)).subarray(0, length),
    noise: () => random.bytes(length),
    zeros: () => new Uint8Array(length),
  }[kind]();
  const over = random.pick([0, piece.length]);
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + over)]),
    intact: at,
    what: `${piece.length} bytes of ${kind} ${over ? "over" : "between"} what stood at ${at}`,
  };
};

/** Leaves a piece out. */
const leaveOut: Mutator = (bytes, random) => {
  const at = random.below(bytes.length);
  const length = 1 + random.below(random.pick([4, 100, 5000]));
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
    intact: at,
    what: `${length} bytes left out at ${at}`,
  };
};

const MUTATORS: readonly Mutator[] = [flipBits, cut, lie, splice, leaveOut];

/**
 * A damaged copy of `bytes`, a capture of at least one byte; `other` is one to take pieces from. The
 * first `header` bytes stay whole: without its file header a capture is not recognised, which is
 * a test of its own.
 */
export function mutateCapture(
  bytes: Uint8Array,
  random: TestRandom,
  other: Uint8Array,
  header: number,
): Mutation {
  const front = bytes.subarray(0, header);
  const body = bytes.subarray(header);
  if (body.length < 4) return { bytes, intact: bytes.length, what: "nothing" };
  const { bytes: damaged, intact, what } = random.pick(MUTATORS)(body, random, other);
  return { bytes: Buffer.concat([front, damaged]), intact: header + intact, what };
}
