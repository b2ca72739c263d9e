/** A link by itself: when packets come out, in which order, and what becomes of those that do not. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Ledger } from "../../../replay/network/ledger.ts";
import { Link, type LinkOptions } from "../../../replay/network/link.ts";
import { OptionFilter } from "../../../replay/network/option-filter.ts";
import { MbufPool } from "../../../stack/mbuf.ts";
import { TimerWheel } from "../../../stack/timer-wheel.ts";
import { ipPacket } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";

/** A link whose far end writes down when each packet comes, by its identification. */
function linkOf(options: Partial<LinkOptions>, seed = 1) {
  const clock = new TimerWheel();
  const pool = new MbufPool();
  const ledger = new Ledger();
  const link = new Link("a", clock, testRandom(seed), ledger, options);
  const came: [id: number, at: number][] = [];
  link.to = {
    receive(m) {
      came.push([m.view.getUint16(m.off + 4), clock.now()]);
      m.free();
    },
  };
  const send = (id: number, bytes = 100, fields = {}): void => {
    const payload = new Uint8Array(bytes - 20);
    const m = pool.from(
      ipPacket({ source: "10.0.0.1", destination: "10.0.0.2", id, payload, ...fields }),
    );
    if (!m) throw new Error("no buffer");
    link.transmit(m);
  };
  /** Lets everything come out; nothing is left, and every packet is accounted for. */
  const settle = (): void => {
    assert.is(ledger.missing, 0);
    clock.advance(clock.now() + 1e12);
    assert.equal([ledger.missing, ledger.inFlight, pool.outstanding], [0, 0, 0]);
  };
  return { clock, ledger, link, came, send, settle };
}

test("packets come out after the delay, in order", () => {
  const { clock, came, send, settle } = linkOf({ delay: 1000 });
  send(1);
  clock.advance(10);
  send(2);
  send(3);
  settle();
  assert.equal(came, [
    [1, 1000],
    [2, 1010],
    [3, 1010],
  ]);
});

test("with a rate one waits for the other, and what the queue has no room for is lost", () => {
  // 100 bytes at 8 Mbit/s are 100 µs.
  const { ledger, came, send, settle } = linkOf({ delay: 5, rate: 8e6, queue: 2 });
  for (let id = 1; id <= 5; id++) send(id);
  settle();
  assert.equal(came, [
    [1, 100_005],
    [2, 200_005],
    [3, 300_005],
  ]);
  assert.equal([ledger.delivered, ledger.lost.queue], [3, 2]);
});

test("a packet that is held back is overtaken, and those of one moment keep their order", () => {
  let held = 0;
  for (let seed = 1; seed <= 50; seed++) {
    const { clock, ledger, came, send, settle } = linkOf(
      { delay: 100, reorder: 0.3, jitter: 1000 },
      seed,
    );
    const sentAt = (id: number): number => Math.floor(id / 3) * 50;
    for (let id = 0; id < 60; id++) {
      clock.advance(sentAt(id));
      send(id);
    }
    settle();
    assert.is(came.length, 60);
    const late = came.filter(([id, at]) => at > sentAt(id) + 100);
    assert.ok(ledger.reordered >= late.length);
    held += late.length;
    for (let i = 1; i < came.length; i++) {
      assert.ok(came[i][1] >= came[i - 1][1], `seed ${seed}`);
      if (came[i][1] === came[i - 1][1]) assert.ok(came[i][0] > came[i - 1][0], `seed ${seed}`);
    }
  }
  assert.ok(held > 500, `${held} of 3000`);
});

test("faults come as often as they are wanted, and are counted", () => {
  const { ledger, came, send, settle } = linkOf({ loss: 0.1, duplicate: 0.2, corrupt: 0.05 });
  const count = 20_000;
  for (let id = 0; id < count; id++) send(id & 0xffff);
  settle();
  assert.is(came.length, count - ledger.lost.loss + ledger.duplicated);
  for (const [found, share] of [
    [ledger.lost.loss, 0.1],
    [ledger.duplicated, 0.9 * 0.2],
    [ledger.corrupted, 0.9 * 0.05],
  ]) {
    assert.ok(Math.abs(found / count - share) < 0.01, `${found} of ${count} for ${share}`);
  }
});

test("a link that is down loses what comes to it and what is on it", () => {
  const { clock, ledger, link, came, send, settle } = linkOf({ delay: 100 });
  send(1);
  clock.advance(50);
  link.up = false;
  send(2);
  settle();
  link.up = true;
  send(3);
  settle();
  assert.equal(
    came.map(([id]) => id),
    [3],
  );
  assert.is(ledger.lost.down, 2);
});

test("options take the slow path, so many a second; packets without pass by", () => {
  const { clock, ledger, link, came, send, settle } = linkOf({ delay: 100 });
  link.filter = new OptionFilter({ survival: 1, rate: 2, slow: 1000 }, 1, false);
  const options = { options: "94040000" };
  for (let id = 1; id <= 4; id++) send(id, 100, options);
  send(5);
  clock.advance(5e8);
  send(6, 100, options);
  send(7, 100, options);
  clock.advance(60e9);
  for (let id = 8; id <= 10; id++) send(id, 100, options);
  settle();
  assert.equal(came, [
    [5, 100],
    [1, 1100],
    [2, 1100],
    [6, 5e8 + 1100],
    [8, 60e9 + 1100],
    [9, 60e9 + 1100],
  ]);
  assert.is(ledger.lost["option filter"], 4, "a quiet minute saves nothing up");
});

test("whether options survive is one client's fate in both directions, and a share of all clients'", () => {
  const options = { survival: 0.3, rate: 0, slow: 0 };
  let alive = 0;
  for (let client = 0; client < 1000; client++) {
    const address = `10.1.${client >> 8}.${client & 255}`;
    const up = linkOf({});
    const down = linkOf({});
    up.link.filter = new OptionFilter(options, 7, false);
    down.link.filter = new OptionFilter(options, 7, true);
    up.send(1, 100, { source: address, options: "94040000" });
    down.send(1, 100, { destination: address, options: "94040000" });
    up.settle();
    down.settle();
    assert.is(up.came.length, down.came.length, address);
    alive += up.came.length;
  }
  assert.ok(Math.abs(alive / 1000 - 0.3) < 0.05, `${alive}`);
});

test.run();
