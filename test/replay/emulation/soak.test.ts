/**
 * Scenarios drawn by seed: whatever happens on the way, every connection ends in exactly one way,
 * every packet is accounted for, and nothing is left. ANYPIN_RUNS says how many, ANYPIN_SEED where
 * to begin.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Comparison } from "../../../replay/emulation/comparison.ts";
import type { Connection } from "../../../replay/emulation/connection.ts";
import { testRandom } from "../../support/random.ts";
import { randomRows, randomScenario } from "../../support/random-scenario.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 60);
const FIRST = Number(process.env.ANYPIN_SEED ?? 1);

function soak(seed: number): string {
  const random = testRandom(seed);
  const scenario = randomScenario(random);
  const rows = randomRows(random, 40 + random.below(60));
  const open = new Set<number>();
  const ends = new Map<number, number>();
  const objects = new Set<Connection>();
  let most = 0;
  const comparison = new Comparison(scenario, seed, () => ({
    opened(connection) {
      open.add(connection.id);
      objects.add(connection);
      most = Math.max(most, open.size);
    },
    ended({ id }) {
      open.delete(id);
      ends.set(id, (ends.get(id) ?? 0) + 1);
    },
  }));
  comparison.take({ rows, pace: null, first: 0, end: rows.count });
  const [{ result, design, policy, client }] = comparison.finish();
  const about = `seed ${seed}: ${design}, ${policy}, ${client}`;
  const { outcome, ledger, left, skipped } = result;
  assert.is(outcome.connections + skipped, rows.count, about);
  assert.ok([...ends.values()].every((times) => times === 1) && open.size === 0, about);
  assert.is(ends.size, outcome.connections, about);
  const { completed, reset, timedOut, neverOpened } = outcome;
  assert.is(completed + reset + timedOut + neverOpened, outcome.connections, about);
  assert.equal([ledger.missing, ledger.inFlight], [0, 0], about);
  assert.equal(left, { buffers: 0, timers: 0, blocks: 0 }, about);
  assert.ok(objects.size <= most, `${about}: ${objects.size} objects for ${most} open`);
  return result.assignments;
}

test(`${RUNS} random scenarios from seed ${FIRST} end in order and leave nothing behind`, () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) soak(seed);
});

test("a scenario drawn again ends the same", () => {
  assert.is(soak(FIRST), soak(FIRST));
});

test.run();
