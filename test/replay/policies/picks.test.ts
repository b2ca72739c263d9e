/** What each policy is for, against an independent statement of it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hash } from "../../../replay/policies/hash.ts";
import { leastConnection } from "../../../replay/policies/least-connection.ts";
import { hashAddressPort } from "../../../replay/policies/murmur3.ts";
import type { FlowKeys } from "../../../replay/policies/policy.ts";
import { random } from "../../../replay/policies/random.ts";
import { roundRobin } from "../../../replay/policies/round-robin.ts";
import { testRandom } from "../../support/random.ts";

const NO_KEYS: FlowKeys = {
  client: new Uint32Array(4),
  server: new Uint32Array(4),
  clientPort: new Uint16Array(1),
  serverPort: new Uint16Array(1),
  protocol: new Uint8Array(1),
};

/** MurmurHash3_x86_32 over bytes, as published, to hold the word-wise one against. */
function murmur3(bytes: Uint8Array, seed: number): number {
  const rotl = (x: number, r: number) => (x << r) | (x >>> (32 - r));
  let h = seed;
  const blocks = bytes.length >> 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let i = 0; i < blocks; i++) {
    h ^= Math.imul(rotl(Math.imul(view.getInt32(4 * i, true), 0xcc9e2d51), 15), 0x1b873593);
    h = (Math.imul(rotl(h, 13), 5) + 0xe6546b64) | 0;
  }
  let k = 0;
  for (let i = bytes.length - 1; i >= 4 * blocks; i--) k = (k << 8) | bytes[i];
  h ^= Math.imul(rotl(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593);
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

test("the reference above gives published values of MurmurHash3_x86_32", () => {
  const text = (s: string) => new TextEncoder().encode(s);
  assert.is(murmur3(text(""), 1), 0x514e28b7);
  assert.is(murmur3(text("test"), 0), 0xba6bd213);
  assert.is(murmur3(text("Hello, world!"), 0), 0xc0363e43);
  assert.is(murmur3(text("The quick brown fox jumps over the lazy dog"), 0x9747b28c), 0x2fa826cd);
});

test("hashes address and port in network byte order, 6 bytes for IPv4 and 18 for IPv6", () => {
  const draw = testRandom(3);
  for (let round = 0; round < 500; round++) {
    const v4 = round % 2 === 0;
    const address = v4 ? [0, 0, 0xffff, draw.word()] : [0, 1, 2, 3].map(() => draw.word());
    const port = draw.below(65536);
    const seed = draw.word();
    const bytes = new Uint8Array(18);
    const view = new DataView(bytes.buffer);
    for (const [i, word] of address.entries()) view.setUint32(4 * i, word);
    view.setUint16(16, port);
    const input = v4 ? bytes.slice(12) : bytes;
    const words = Uint32Array.from([9, 9, 9, 9, ...address]);
    assert.is(hashAddressPort(words, 1, port, seed), murmur3(input, seed));
  }
});

test("hash sends the same source address and port to the same server, whatever else differs", () => {
  const draw = testRandom(4);
  const made = hash.create({ servers: 7, loads: new Int32Array(7), random: { next: () => 12345 } });
  const keys = { ...NO_KEYS, client: Uint32Array.from([0, 0, 0xffff, draw.word()]) };
  const first = made.pick(keys, 0);
  for (let i = 0; i < 100; i++) {
    keys.server[3] = draw.word();
    keys.serverPort[0] = draw.word();
    assert.is(made.pick(keys, 0), first);
  }
});

test("round-robin takes the servers in turn from server 0", () => {
  const made = roundRobin.create({
    servers: 3,
    loads: new Int32Array(3),
    random: { next: () => 0 },
  });
  const picks = Array.from({ length: 7 }, () => made.pick(NO_KEYS, 0));
  assert.equal(picks, [0, 1, 2, 0, 1, 2, 0]);
});

test("random takes one word a pick, and its ends reach the first and last server", () => {
  const words = [0, 0xffffffff, 0x80000000];
  const made = random.create({
    servers: 4,
    loads: new Int32Array(4),
    random: { next: () => words.shift() ?? 0 },
  });
  assert.equal([made.pick(NO_KEYS, 0), made.pick(NO_KEYS, 0), made.pick(NO_KEYS, 0)], [0, 3, 2]);
});

for (const servers of [1, 2, 3, 5, 8, 16, 17, 33, 1000]) {
  test(`least-connection finds the lowest index of the least loaded of ${servers}`, () => {
    const draw = testRandom(servers);
    // It must also start from loads that are not zero.
    const loads = Int32Array.from({ length: servers }, () => draw.below(3));
    const made = leastConnection.create({ servers, loads, random: { next: () => 0 } });
    for (let i = 0; i < 5000; i++) {
      assert.is(made.pick(NO_KEYS, 0), loads.indexOf(Math.min(...loads)));
      const server = draw.below(servers);
      loads[server] = draw.below(10) === 0 ? draw.below(5) : loads[server] + 1;
      made.loadChanged?.(server);
    }
  });
}

test("least-connection keeps its order at loads beyond 32 bits of key", () => {
  const loads = new Int32Array(65535).fill(2_000_000);
  const made = leastConnection.create({ servers: 65535, loads, random: { next: () => 0 } });
  assert.is(made.pick(NO_KEYS, 0), 0);
  loads[65534] = 1_999_999;
  made.loadChanged?.(65534);
  assert.is(made.pick(NO_KEYS, 0), 65534);
});

test.run();
