/**
 * The inner loops that are written in AssemblyScript, TypeScript with machine types, and compiled to
 * WebAssembly: folders named `wasm/` hold their sources, `gen/` beside them what `npm run wasm` made
 * of those.
 */
import { LimitError } from "./errors.ts";

const compiled = new Map<string, WebAssembly.Module>();

/** The module in `base64`, compiled when it is first asked for. */
function moduleOf(base64: string): WebAssembly.Module {
  const known = compiled.get(base64);
  if (known) return known;
  const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
  compiled.set(base64, module);
  return module;
}

const PAGE = 65536;
/** All that 32 bits can address. */
const MOST_BYTES = 65536 * PAGE;
/** Pages that a memory should be able to grow by, for which there is a point in trying again. */
const SPARE_PAGES = 128;
const NO_SPACE =
  "expected 10 GiB of address space for each memory, found less (ulimit -v); NODE_OPTIONS=--disable-wasm-trap-handler needs less";

/**
 * Memory of `bytes` at first and `most` at most, or less where the address space is limited (`ulimit
 * -v`): what it may grow to is set aside at once, and as a rule much more behind it, so that V8 need
 * not check bounds. It is shared, so that it may lie between threads, and because views of it stay
 * good when it grows.
 * @throws {LimitError} when not even a small one is to be had
 */
export function wasmMemory(bytes: number, most = MOST_BYTES): WebAssembly.Memory {
  const initial = Math.ceil(bytes / PAGE);
  for (let maximum = Math.ceil(most / PAGE); ; maximum >>>= 1) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared: true });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      if (maximum < initial + SPARE_PAGES) throw new LimitError(NO_SPACE);
    }
  }
}

/** What a file of AssemblyScript declares and JavaScript gives, by the file's name. */
export type WasmImports = Record<string, Record<string, CallableFunction>>;

/** An instance of the module in `base64` over `memory`: what it exports, which the caller knows. */
export function instantiate<Exports>(
  base64: string,
  memory: WebAssembly.Memory,
  imports: WasmImports = {},
): Exports {
  const { exports } = new WebAssembly.Instance(moduleOf(base64), { env: { memory }, ...imports });
  return exports as Exports;
}
