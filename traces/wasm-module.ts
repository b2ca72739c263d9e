/**
 * The inner loops that are written in AssemblyScript, TypeScript with machine types, and compiled to
 * WebAssembly: folders named `wasm/` hold their sources, `gen/` beside them what `npm run wasm` made
 * of those.
 */

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

/**
 * Memory of `bytes` at first and `most` at most. It is shared so that it may lie between threads, and
 * because views of it stay good when it grows.
 */
export const wasmMemory = (bytes: number, most = MOST_BYTES): WebAssembly.Memory =>
  new WebAssembly.Memory({
    initial: Math.ceil(bytes / PAGE),
    maximum: Math.ceil(most / PAGE),
    shared: true,
  });

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
