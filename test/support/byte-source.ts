/** Bytes in memory as the readers of `traces/` want them. */
import { ByteWindow } from "../../traces/byte-window.ts";
import { DamageLog } from "../../traces/damage-log.ts";
import { FlowTraceReader } from "../../traces/flow-trace/reader.ts";
import type { ByteSource } from "../../traces/sources/source.ts";

/** A source that gives at most `piece` bytes at once. */
export function byteSource(bytes: Uint8Array, piece = bytes.length): ByteSource {
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    size: bytes.length,
    reopenable: false,
    read(into, at, length) {
      const count = Math.min(length, piece, bytes.length - taken);
      into.set(bytes.subarray(taken, taken + count), at);
      taken += count;
      return count;
    },
    close() {},
  };
}

/** A reader of the flow trace in `bytes`, named `t.flows`. */
export function flowTraceOf(
  bytes: Uint8Array,
  piece?: number,
): { reader: FlowTraceReader; damage: DamageLog } {
  const damage = new DamageLog("t.flows");
  return { reader: new FlowTraceReader(new ByteWindow(byteSource(bytes, piece)), damage), damage };
}
