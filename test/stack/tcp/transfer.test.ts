/** Whole connections between two stacks: opening, transfer both ways, closing, nothing left. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SECOND } from "../../../stack/clock.ts";
import { testRandom } from "../../support/random.ts";
import { exchange } from "../../support/tcp-exchange.ts";
import { TcpPair } from "../../support/tcp-pair.ts";

for (const family of [4, 6] as const) {
  test(`a megabyte each way arrives whole and both ends close (IPv${family})`, () => {
    const pair = new TcpPair();
    const up = testRandom(1).bytes(1_000_000);
    const down = testRandom(2).bytes(500_000);
    const { listener, result } = exchange(pair, up, down, family);
    pair.settle(30 * SECOND);
    assert.is(result.error, null);
    assert.ok(result.intact, `up ${result.up}, down ${result.down}`);
    listener.close();
    pair.settle(300 * SECOND);
    assert.is(pair.client.live + pair.server.live, 0);
    assert.is(pair.pool.outstanding, 0);
    assert.is(pair.clock.pending, 0);
    assert.is(pair.client.memory.outstanding + pair.server.memory.outstanding, 0);
    assert.is(pair.client.stats.retransmittedSegments, 0);
  });
}

test.run();
