/** Moves as objects (table/wasm/move.ts), out of the memory of a table and into it. */
import type { Activity } from "../../traces/activity.ts";

export interface MadeMove {
  window: number;
  bytes: number;
  slot: number;
  late: boolean;
}

export const MOVE_BYTES = 24;

/** What an activity says that connections moved. */
export function movesOf({ moved, movedAt }: Activity, memory: ArrayBufferLike): MadeMove[] {
  const view = new DataView(memory, movedAt, moved * MOVE_BYTES);
  return Array.from({ length: moved }, (_, i) => {
    const at = i * MOVE_BYTES;
    return {
      window: view.getFloat64(at, true),
      bytes: view.getFloat64(at + 8, true),
      slot: view.getInt32(at + 16, true),
      late: view.getUint8(at + 20) !== 0,
    };
  });
}

/** Writes moves where `view` begins. */
export function putMoves(view: DataView, moves: readonly MadeMove[]): void {
  for (const [i, { window, bytes, slot, late }] of moves.entries()) {
    const at = i * MOVE_BYTES;
    view.setFloat64(at, window, true);
    view.setFloat64(at + 8, bytes, true);
    view.setInt32(at + 16, slot, true);
    view.setUint8(at + 20, Number(late));
  }
}
