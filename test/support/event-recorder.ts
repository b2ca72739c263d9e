/** Listens to the events that a capture becomes. */
import * as assert from "uvu/assert";
import { CaptureTimeline } from "../../replay/flow/capture-timeline.ts";
import {
  BYTES,
  CLOSE,
  CODE_STEP,
  type EventBlock,
  OPEN,
  WINDOW,
} from "../../replay/flow/event-block.ts";
import { FlowEngine } from "../../replay/flow/flow-engine.ts";
import type { Span } from "../../replay/flow/timeline.ts";
import { roundRobin } from "../../replay/policies/round-robin.ts";
import type { ByteChoice } from "../../traces/activity.ts";
import { type MadeActivity, PlacedActivities } from "./place-activity.ts";
import type { SmallConnection } from "./small-trace.ts";

/** What events say of a connection: windows are counted from the first one. */
export interface Told {
  openWindow: number;
  closeWindow: number;
  payload: number;
  bytes: Map<number, number>;
}

/** What is to be told of a connection, where the first window of all has number `first`. */
export function toldOf(connection: SmallConnection, windowNs: number, first: number): Told {
  const windowOf = (time: number) => Math.floor(time / windowNs) - first;
  const bytes = new Map<number, number>();
  let payload = 0;
  for (const packet of connection.packets) {
    const window = windowOf(packet.time);
    bytes.set(window, (bytes.get(window) ?? 0) + packet.wire);
    payload += packet.payload;
  }
  return {
    openWindow: windowOf(connection.open),
    closeWindow: windowOf(connection.close),
    payload,
    bytes,
  };
}

/** Collects what the events of a capture say of its connections, in order of opening. */
export class Recorder {
  readonly told: Told[] = [];
  /** Numbers of connections in the order in which they open and close. */
  readonly order: { opens: boolean; id: number }[] = [];
  span: Span = { startNs: 0, windows: 0 };
  /** What all slots were below. */
  slots = 0;
  /** The connection in each slot, from its announcement on. */
  readonly #bySlot = new Map<number, number>();
  #announced = 0;
  #window = 0;

  constructor(windowNs: number, choice: ByteChoice, groups: Iterable<MadeActivity>) {
    const places = new PlacedActivities({ windowNs, ...choice });
    const engine = new FlowEngine([roundRobin], 1, windowNs, 1, places.memory.memory);
    const replay = engine.replay.bind(engine);
    engine.replay = (block, slots) => {
      const doubles = new Float64Array(engine.memory.buffer, block.address, 4 * block.count);
      this.#take(block, doubles, slots);
      replay(block, slots);
    };
    const announce = engine.announce.bind(engine);
    engine.announce = (keys, first, end, slots, bound) => {
      for (const slot of slots.subarray(0, end - first)) this.#bySlot.set(slot, this.#announced++);
      announce(keys, first, end, slots, bound);
    };
    const timeline = new CaptureTimeline(windowNs, engine);
    for (const activity of groups) timeline.take(places.put(activity));
    this.span = timeline.finish();
    assert.is(this.#window, this.span.windows);
  }

  #take(block: EventBlock, doubles: Float64Array, slots: number): void {
    const inBlock = new Set<number>();
    this.slots = Math.max(this.slots, slots);
    for (let i = 0; i < block.count; i++) {
      const code = block.codes[CODE_STEP * i];
      const [bytes, , payload] = doubles.subarray(4 * i + 1, 4 * i + 4);
      if ((code & 3) === WINDOW) {
        this.#window += bytes;
        continue;
      }
      const slot = code >>> 2;
      assert.ok(slot < slots);
      if ((code & 3) === OPEN) {
        assert.not.ok(inBlock.has(slot), "a slot is used once in a block");
        inBlock.add(slot);
        assert.is(this.#bySlot.get(slot), this.told.length);
        this.order.push({ opens: true, id: this.told.length });
        this.told.push({ openWindow: this.#window, closeWindow: -1, payload, bytes: new Map() });
        continue;
      }
      const id = this.#bySlot.get(slot) ?? -1;
      const told = this.told[id];
      if ((code & 3) === CLOSE) {
        assert.is(told.closeWindow, -1);
        told.closeWindow = this.#window;
        told.payload += payload;
        this.order.push({ opens: false, id });
      }
      if ((code & 3) === BYTES) {
        told.bytes.set(this.#window, (told.bytes.get(this.#window) ?? 0) + bytes);
      }
    }
  }
}
