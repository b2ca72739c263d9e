/** A window whose bytes lie in the memory of a trace. */
import { ByteWindow } from "./byte-window.ts";
import type { ByteSource } from "./sources/source.ts";
import type { TraceMemory } from "./trace-memory.ts";

export class WindowOfTrace extends ByteWindow {
  readonly memory: TraceMemory;
  readonly #made: Uint8Array[];

  constructor(source: ByteSource, memory: TraceMemory) {
    const made: Uint8Array[] = [];
    super(source, (length) => {
      const at = memory.place(length);
      const bytes = new Uint8Array(memory.buffer, at, length);
      made.push(bytes);
      return bytes;
    });
    this.memory = memory;
    this.#made = made;
  }

  /** Gives its memory back; it is not to be used any more. */
  giveBack(): void {
    for (const { byteOffset, length } of this.#made) this.memory.giveBack(byteOffset, length);
    this.#made.length = 0;
  }
}
