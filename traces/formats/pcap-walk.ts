/** The walk over the records of a classic capture; its loop is in `wasm/`. */
import type { BatchColumns } from "../batch-columns.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { TraceMemory } from "../trace-memory.ts";
import { instantiate } from "../wasm-module.ts";
import { WASM } from "./gen/formats-wasm.ts";
import type { PcapLayout } from "./pcap-header.ts";
import { MAX_WIRE, NEAR } from "./pcap-shape.ts";

/** Why a walk stopped: out of bytes, batch full, or at a record that needs a second look. */
const WALK_ENDS = ["more", "full", "odd"] as const;
export type WalkEnd = (typeof WALK_ENDS)[number];

/** What `wasm/formats.ts` exports. */
interface WalkCode {
  walkRecords(walk: number): number;
}

/** The struct `Walk` there: doubles, and behind them words. */
const DOUBLES = 5;
const WORDS = 18;
const SECONDS = 3;
const AT = 1;
const LAST = 3;
const COUNT = 9;

/** That code and struct, in the memory of a trace. */
class WalkLoop {
  readonly #code: WalkCode;
  readonly doubles: Float64Array;
  readonly words: Int32Array;

  constructor(memory: TraceMemory) {
    this.#code = instantiate<WalkCode>(WASM, memory.memory);
    const at = memory.place(8 * DOUBLES + 4 * WORDS);
    this.doubles = new Float64Array(memory.buffer, at, DOUBLES);
    this.words = new Int32Array(memory.buffer, at + 8 * DOUBLES, WORDS);
  }

  run(): WalkEnd {
    return WALK_ENDS[this.#code.walkRecords(this.doubles.byteOffset)];
  }
}

/** Where a walk stands, from one window to the next. */
export class RecordWalk {
  /** Position of the last record taken in this walk, or −1. */
  last = -1;
  /** Seconds of the packet before the next one; NaN when any will do. */
  seconds = Number.NaN;
  /** The trace's origin, in whole seconds and nanoseconds after. */
  originSeconds = 0;
  originFraction = 0;
  readonly #layout: PcapLayout;
  #loop: WalkLoop | null = null;

  constructor(layout: PcapLayout) {
    this.#layout = layout;
  }

  /**
   * Takes records from `window.start` on. A record is taken once the header behind it is in the
   * window too, so that whoever finds that header senseless still holds the record that led there.
   */
  take(window: ByteWindow, batch: BatchColumns): WalkEnd {
    this.#loop ??= new WalkLoop(batch.memory);
    const { doubles, words } = this.#loop;
    const { little, header, capturedAt, wireAt, linkType, limit, fraction } = this.#layout;
    const { originSeconds, originFraction, seconds } = this;
    doubles.set([fraction, originSeconds, originFraction, seconds, NEAR]);
    words.set([window.bytes.byteOffset, window.start, window.end, -1]);
    const { offset, captured, wire, time, linkType: linkTypes, count, capacity } = batch;
    const columns = [offset, captured, wire, time, linkTypes];
    words.set(
      columns.map(({ byteOffset }) => byteOffset),
      LAST + 1,
    );
    words.set([count, capacity, little ? 1 : 0, header, capturedAt, wireAt], COUNT);
    words.set([linkType, limit, MAX_WIRE], COUNT + 6);
    const state = this.#loop.run();
    window.start = words[AT];
    batch.count = words[COUNT];
    this.last = words[LAST];
    this.seconds = doubles[SECONDS];
    return state;
  }
}

/** Takes the one record at `at`, its packet `length` bytes long, whatever its header claims. */
export function takeRecord(
  batch: BatchColumns,
  layout: PcapLayout,
  walk: RecordWalk,
  at: number,
  length: number,
): void {
  const { view, count } = batch;
  const seconds = view.getUint32(at, layout.little);
  const fraction = view.getUint32(at + 4, layout.little) * layout.fraction;
  batch.offset[count] = at + layout.header;
  batch.captured[count] = length;
  batch.wire[count] = Math.max(length, view.getUint32(at + layout.wireAt, layout.little));
  batch.time[count] = (seconds - walk.originSeconds) * 1e9 + (fraction - walk.originFraction);
  batch.linkType[count] = layout.linkType;
  batch.count++;
  walk.seconds = seconds;
}
