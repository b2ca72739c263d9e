import { test } from "uvu";
import * as assert from "uvu/assert";
import { HEADROOM, type Mbuf, MbufPool } from "../../stack/mbuf.ts";
import { testRandom } from "../support/random.ts";

const bytesOf = (m: Mbuf): number[] => [...m.bytes.subarray(m.off, m.off + m.len)];

test("headers go in front without moving what is there, as long as there is room", () => {
  const pool = new MbufPool();
  const m = pool.from(Uint8Array.of(1, 2, 3));
  if (!m) throw new Error("no buffer");
  assert.is(m.off, HEADROOM);
  assert.is(m.prepend(2), true);
  m.view.setUint16(m.off, 0x0908);
  assert.equal(bytesOf(m), [9, 8, 1, 2, 3]);
  m.trimFront(3);
  assert.equal(bytesOf(m), [2, 3]);
});

test("without headroom the packet moves back, and is refused when it fills the buffer", () => {
  const pool = new MbufPool();
  const data = testRandom(1).bytes(1000);
  const m = pool.from(data);
  if (!m) throw new Error("no buffer");
  assert.is(m.prepend(HEADROOM), true);
  assert.is(m.off, 0);
  assert.is(m.prepend(20), true);
  assert.is(m.len, 1000 + HEADROOM + 20);
  assert.equal(bytesOf(m).slice(HEADROOM + 20), [...data]);
  const before = m.len;
  assert.is(m.prepend(2048), false);
  assert.is(m.len, before);
});

test("any length up to the largest datagram gets a buffer, nothing beyond does", () => {
  const pool = new MbufPool();
  for (const length of [0, 1500, 1904, 1905, 9000, 16_000, 65_535]) {
    const m = pool.get(length);
    assert.ok(m && m.tailroom >= length, `${length}`);
    m?.free();
  }
  assert.is(pool.get(70_000), null);
  assert.equal([pool.outstanding, pool.denied], [0, 1]);
});

test("buffers are used again, and a limit bounds how many are out", () => {
  const pool = new MbufPool(2);
  const [a, b] = [pool.get(), pool.get()];
  assert.is(pool.get(), null);
  a?.free();
  const c = pool.get();
  assert.is(c, a);
  b?.free();
  c?.free();
  assert.equal([pool.made, pool.outstanding], [2, 0]);
});

test("a buffer freed twice is found at once", () => {
  const pool = new MbufPool();
  const m = pool.get();
  m?.free();
  assert.throws(() => m?.free(), /freed twice/);
});

test("a buffer that comes back knows nothing of its last packet", () => {
  const pool = new MbufPool();
  const m = pool.from(Uint8Array.of(1));
  if (!m) throw new Error("no buffer");
  m.flags = 3;
  m.family = 4;
  m.len = 77;
  m.free();
  const again = pool.get();
  assert.equal([again?.flags, again?.family, again?.len, again?.off], [0, 0, 0, HEADROOM]);
  assert.equal([again?.rcvif, again?.nextHop6, again?.next], [null, null, null]);
});

test("a copy has the bytes and what is known of them, in memory of its own", () => {
  const pool = new MbufPool();
  const m = pool.from(Uint8Array.of(1, 2));
  if (!m) throw new Error("no buffer");
  m.nextHop = 7;
  const copy = pool.copy(m);
  m.bytes[m.off] = 9;
  assert.equal([copy && bytesOf(copy), copy?.nextHop], [[1, 2], 7]);
});

test.run();
