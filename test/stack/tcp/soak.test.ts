/** Two stacks over bad links: a few of the seeds that `npm run soak:tcp` runs. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { soakTrial } from "../../support/tcp-soak.ts";

test("over loss, reordering, duplication and corruption all data is intact, and nothing is left", () => {
  const failures: string[] = [];
  for (let seed = 1; seed <= 60; seed++) {
    const failure = soakTrial(seed, 100_000);
    if (failure) failures.push(failure);
  }
  assert.equal(failures, []);
});

test.run();
