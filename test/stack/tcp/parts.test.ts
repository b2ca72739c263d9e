/** The parts a connection is made of, each against a plain model or its RFC's numbers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ByteRing, RingMemory } from "../../../stack/byte-ring.ts";
import { MILLISECOND, SECOND } from "../../../stack/clock.ts";
import { TCP_DEFAULTS } from "../../../stack/tcp/config.ts";
import {
  CONGESTION_CONTROLS,
  congestionIndex,
  initialWindow,
  onAck,
} from "../../../stack/tcp/congestion.ts";
import { OptionWriter, TcpOptions } from "../../../stack/tcp/options.ts";
import { MAX_RANGES, SeqRanges } from "../../../stack/tcp/ranges.ts";
import { backedOff, type RttState, resetRtt, sampleRtt } from "../../../stack/tcp/rtt.ts";
import {
  seqDiff,
  seqGeq,
  seqGt,
  seqLeq,
  seqLt,
  seqMax,
  seqMin,
} from "../../../stack/tcp/sequence.ts";
import { SipHash } from "../../../stack/tcp/siphash.ts";
import { Tcb } from "../../../stack/tcp/tcb.ts";
import { toHex } from "../../support/ip-packet.ts";
import { testRandom } from "../../support/random.ts";

test("sequence numbers compare across zero and across the sign", () => {
  for (const base of [0, 0x7fffffff, -1, 0x80000000 | 0, 12345]) {
    for (const ahead of [1, 1000, 0x7fffffff]) {
      const later = (base + ahead) | 0;
      assert.ok(
        seqLt(base, later) && seqGt(later, base) && seqLeq(base, base) && seqGeq(base, base),
      );
      assert.equal([seqMax(base, later), seqMin(base, later)], [later, base]);
      assert.is(seqDiff(later, base), ahead);
    }
  }
});

test("ranges hold what a set of octets would, wherever in sequence space they lie", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = testRandom(seed);
    const base = random.word() | 0;
    const ranges = new SeqRanges();
    const model = new Set<number>();
    let floor = 0;
    for (let step = 0; step < 60; step++) {
      const from = floor + random.below(300);
      const to = from + 1 + random.below(40);
      if (random.below(10) === 0) {
        floor = from;
        ranges.trimBefore((base + floor) | 0);
        for (const at of model) if (at < floor) model.delete(at);
        continue;
      }
      const before = model.size;
      for (let at = from; at < to; at++) model.add(at);
      assert.is(ranges.add((base + from) | 0, (base + to) | 0), model.size - before);
      assert.is(ranges.octets, model.size);
      assert.ok(ranges.covers((base + from) | 0, (base + to) | 0));
    }
    for (let i = 2; i < ranges.pairs.length; i += 2) {
      assert.ok(seqLt(ranges.pairs[i - 1], ranges.pairs[i]), "apart and in order");
    }
  }
});

test("no more than so many ranges are kept", () => {
  const ranges = new SeqRanges();
  for (let i = 0; i < 1000; i++) ranges.add(10 * i, 10 * i + 1);
  assert.is(ranges.count, MAX_RANGES);
});

test("a ring gives back what was put in, early bytes too, and then its memory", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const random = testRandom(seed);
    const memory = new RingMemory();
    const ring = new ByteRing();
    let model: number[] = [];
    for (let step = 0; step < 100; step++) {
      const bytes = random.bytes(1 + random.below(3000));
      const choice = random.below(3);
      if (choice === 0) {
        ring.append(memory, bytes, 0, bytes.length);
        model = [...model, ...bytes];
      } else if (choice === 1) {
        // The second half first, as when segments change places.
        const half = bytes.length >> 1;
        ring.put(memory, ring.length + half, bytes, half, bytes.length - half);
        ring.append(memory, bytes, 0, half);
        ring.extend(bytes.length - half);
        model = [...model, ...bytes];
      } else {
        const count = random.below(model.length + 1);
        const into = new Uint8Array(count);
        if (count > 0) ring.read(0, into, 0, count);
        assert.equal([...into], model.slice(0, count));
        if (count > 0) ring.drop(count);
        model = model.slice(count);
      }
      assert.is(ring.length, model.length);
    }
    ring.release(memory);
    assert.is(memory.outstanding, 0);
  }
});

test("the time-out follows RFC 6298", () => {
  const limits = { ...TCP_DEFAULTS, rtoMin: 0 };
  const state: RttState = { srtt: 0, rttvar: 0, rto: 0 };
  resetRtt(state, limits);
  assert.is(state.rto, SECOND);
  sampleRtt(state, 100 * MILLISECOND, limits);
  assert.equal(
    [state.srtt, state.rttvar, state.rto].map((t) => t / MILLISECOND),
    [100, 50, 300],
  );
  sampleRtt(state, 200 * MILLISECOND, limits);
  // RTTVAR = 3/4·50 + 1/4·100, SRTT = 7/8·100 + 1/8·200.
  assert.equal(
    [state.srtt, state.rttvar, state.rto].map((t) => t / MILLISECOND),
    [112.5, 62.5, 362.5],
  );
  for (let i = 0; i < 200; i++) sampleRtt(state, 50 * MILLISECOND, limits);
  assert.ok(state.rto < 52 * MILLISECOND, "the clock's grain is the least variance");
  assert.is(backedOff(state, 3, limits) / state.rto, 8);
  assert.is(backedOff(state, 40, limits), limits.rtoMax);
});

/** A block whose window is always full, in congestion avoidance. */
function avoiding(name: string, cwnd: number): Tcb {
  const tcb = new Tcb();
  tcb.maxSeg = 1000;
  tcb.cwnd = cwnd;
  tcb.ssthresh = cwnd;
  tcb.congestion = congestionIndex(name);
  tcb.srtt = 100 * MILLISECOND;
  CONGESTION_CONTROLS[tcb.congestion].reset(tcb);
  return tcb;
}

test("Reno opens the window by one segment a round trip and halves it", () => {
  const tcb = avoiding("reno", 20_000);
  for (let i = 0; i < 20; i++) onAck(tcb, 1000, tcb.cwnd, 0);
  assert.is(tcb.cwnd, 21_000);
  assert.is(CONGESTION_CONTROLS[tcb.congestion].reduce(tcb, 20_000), 10_000);
});

test("CUBIC is back at the old window after K seconds, flat there (RFC 9438)", () => {
  const tcb = avoiding("cubic", 1_000_000);
  const control = CONGESTION_CONTROLS[tcb.congestion];
  tcb.ssthresh = control.reduce(tcb, tcb.cwnd);
  assert.is(tcb.ssthresh, 700_000);
  tcb.cwnd = tcb.ssthresh;
  // K = cbrt(W_max (1 − β) / C) = cbrt(1000 · 0.3 / 0.4) = 9.09 s, less the round trip it looks ahead.
  const windows: number[] = [];
  for (let ms = 0; ms <= 12_000; ms += 10) {
    for (let i = 0; i < tcb.cwnd / 10_000; i++) onAck(tcb, 1000, tcb.cwnd, ms * MILLISECOND);
    if (ms % 1000 === 0) windows.push(Math.round(tcb.cwnd / 1000));
  }
  assert.ok(Math.abs(windows[9] - 1000) < 5, `at 9 s: ${windows[9]}`);
  assert.ok(windows[3] > 900 && windows[3] < 930, `at 3 s: ${windows[3]}`);
  assert.ok(windows[12] > 1005 && windows[12] < 1025, `at 12 s: ${windows[12]}`);
  // Fast convergence: a second loss before the old window was reached remembers less.
  tcb.cwnd = 800_000;
  control.reduce(tcb, tcb.cwnd);
  assert.is(Math.round(tcb.cubicMax), 680);
});

test("the initial window is RFC 6928's, or RFC 5681's when set so", () => {
  assert.equal(
    [initialWindow(1460, 10, false), initialWindow(9000, 10, false), initialWindow(1460, 10, true)],
    [14_600, 18_000, 1460],
  );
  assert.equal(
    [initialWindow(1460, 4, false), initialWindow(536, 4, false), initialWindow(4000, 4, false)],
    [4380, 2144, 8000],
  );
});

test("options are aligned as the BSDs do it, and read back", () => {
  const bytes = new Uint8Array(60);
  const view = new DataView(bytes.buffer);
  const writer = new OptionWriter();
  writer.begin(view, 0);
  writer.mss(1460);
  writer.windowScale(6);
  writer.sackPermitted();
  writer.timestamp(100, 7);
  assert.is(writer.end(), 40);
  assert.is(toHex(bytes.slice(20, 40)), "020405b4010303060402080a0000006400000007");
  const options = new TcpOptions();
  options.parse(view, 0, 40);
  assert.equal(
    [options.mss, options.windowScale, options.sackPermitted, options.tsVal, options.tsEcr],
    [1460, 6, true, 100, 7],
  );
  writer.begin(view, 0);
  writer.mss(1460);
  writer.sackPermitted();
  assert.is(writer.end(), 28);
  assert.is(toHex(bytes.slice(20, 28)), "020405b404020000");
});

test("options of any bytes are read without leaving the header", () => {
  const random = testRandom(3);
  const options = new TcpOptions();
  for (let i = 0; i < 20_000; i++) {
    const length = 4 * random.below(11);
    const bytes = new Uint8Array(20 + length);
    bytes.set(random.bytes(length), 20);
    options.parse(new DataView(bytes.buffer), 0, bytes.length);
    assert.ok(options.sackAt + 8 * options.sackCount <= bytes.length);
    assert.ok(options.windowScale <= 14);
  }
});

test("HalfSipHash gives its authors' test vectors", () => {
  const hash = new SipHash(0x03020100, 0x07060504);
  hash.begin();
  assert.is(hash.end() >>> 0, 0x5b9f35a9);
  hash.begin();
  hash.word(0x03020100);
  assert.is(hash.end() >>> 0, 0x89466e2a);
});

test.run();
