/** What must hold for every policy in the registry. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { findPolicy, POLICIES, policyWords } from "../../../replay/policies/index.ts";
import type { Dispatcher, FlowKeys, Policy } from "../../../replay/policies/policy.ts";
import { testRandom } from "../../support/random.ts";

function randomKeys(count: number, seed: number): FlowKeys {
  const random = testRandom(seed);
  const words = () => Uint32Array.from({ length: 4 * count }, () => random.word());
  const ports = () => Uint16Array.from({ length: count }, () => random.word());
  return {
    client: words(),
    server: words(),
    clientPort: ports(),
    serverPort: ports(),
    protocol: new Uint8Array(count).fill(6),
  };
}

function make(policy: Policy, servers: number, seed = 1): { made: Dispatcher; loads: Int32Array } {
  const random = testRandom(seed);
  const loads = new Int32Array(servers);
  return { made: policy.create({ servers, loads, random: { next: random.word } }), loads };
}

/** Opens one connection a row, closing some at random, and returns the servers picked. */
function drive(policy: Policy, servers: number, keys: FlowKeys, count: number): number[] {
  const { made, loads } = make(policy, servers);
  const random = testRandom(99);
  const open: number[] = [];
  return Array.from({ length: count }, (_, row) => {
    while (open.length > 0 && random.below(20) < 9) {
      const [server] = open.splice(random.below(open.length), 1);
      loads[server]--;
      made.loadChanged?.(server);
    }
    const server = made.pick(keys, row);
    loads[server]++;
    made.loadChanged?.(server);
    open.push(server);
    return server;
  });
}

test("names and short forms are unique words", () => {
  const words = policyWords();
  assert.is(new Set(words).size, words.length);
  for (const word of words) {
    assert.match(word, /^[a-z][a-z0-9-]*$/);
    assert.ok(findPolicy(word));
  }
  assert.is(findPolicy("rr")?.name, "round-robin");
  assert.is(findPolicy("lc")?.name, "least-connection");
});

const COUNT = 20_000;
const keys = randomKeys(COUNT, 7);

for (const policy of POLICIES) {
  for (const servers of [1, 2, 5, 64, 1000]) {
    test(`${policy.name} picks existing servers and uses all of ${servers}`, () => {
      const picks = drive(policy, servers, keys, COUNT);
      assert.ok(picks.every((pick) => Number.isInteger(pick) && pick >= 0 && pick < servers));
      if (!policy.readsLoads) assert.is(new Set(picks).size, servers);
    });
  }

  test(`${policy.name} picks the same again from the same seed`, () => {
    assert.equal(drive(policy, 5, keys, COUNT), drive(policy, 5, keys, COUNT));
  });

  test(`${policy.name} has block picks exactly when it does not read loads`, () => {
    const { made } = make(policy, 5);
    assert.is(made.pickBlock !== undefined, !policy.readsLoads);
    assert.is(made.loadChanged !== undefined, policy.readsLoads);
  });

  if (policy.readsLoads) {
    test(`${policy.name} reads loads, so it must not look at addresses`, () => {
      const none = randomKeys(0, 1);
      const blank = {
        ...none,
        client: new Uint32Array(4 * COUNT),
        clientPort: new Uint16Array(COUNT),
      };
      assert.equal(drive(policy, 5, keys, COUNT), drive(policy, 5, blank, COUNT));
    });
  }

  if (!policy.readsLoads) {
    test(`${policy.name} picks a block as it picks one by one`, () => {
      const one = make(policy, 5).made;
      const block = make(policy, 5).made;
      const out = new Uint16Array(COUNT);
      const half = COUNT / 2;
      block.pickBlock?.(keys, half, out);
      const expected = Uint16Array.from({ length: half }, (_, row) => one.pick(keys, row));
      assert.equal(out.subarray(0, half), expected);
      assert.is(block.pick(keys, half), one.pick(keys, half));
    });
  }
}

test.run();
