/** What we use of the WebAssembly JavaScript interface, for which TypeScript has types in the DOM only. */
declare namespace WebAssembly {
  class Memory {
    /** Sizes in pages of 64 KiB. */
    constructor(size: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    /** Throws a RangeError when there is not so much memory. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory | CallableFunction>>);
    readonly exports: unknown;
  }
}
