/** What is compiled from `wasm/`: events of a capture, and what policies' servers come to. */
import { LimitError } from "../../traces/errors.ts";
import { instantiate } from "../../traces/wasm-module.ts";
import { WASM } from "./gen/flow-wasm.ts";

/** What `wasm/flow.ts` exports; columns and blocks are addresses. */
export interface FlowCode {
  begin(): void;
  allocate(bytes: number): number;
  beginServers(policies: number, servers: number, bytesPerRate: number): void;
  loadsAt(): number;
  windowBytesAt(): number;
  picksOf(slots: number): number;
  readPicks(slots: number, count: number): void;
  place(policy: number, picks: number, slots: number, count: number): void;
  pickFewest(policy: number, picks: number): void;
  picked(index: number): number;
  forgetPicks(index: number): void;
  account(events: number, count: number): void;
  connectionsOf(policy: number, server: number): number;
  peakOf(policy: number, server: number): number;
  payloadOf(policy: number, server: number): number;
  beginCapture(windowNs: number, block: number, capacity: number): void;
  takeOpened(count: number, slots: number, starts: number, owns: number): number;
  takeMoved(count: number, moves: number): void;
  takeClosed(
    count: number,
    slots: number,
    starts: number,
    durations: number,
    clientBytes: number,
    serverBytes: number,
  ): void;
  settle(time: number): void;
  finish(): number;
  firstWindow(): number;
}

/** What it calls. */
export interface FlowCalls {
  /** The `count` events of the capture's block are to be replayed; slots in them lie below `slots`. */
  replay(count: number, slots: number): void;
  /** Loads are to be counted `times` times, bytes `bytesTimes` times. */
  sample(times: number, bytesTimes: number): void;
}

/** Runs in `memory`, which is a `TraceMemory`'s. */
export function flowCode(memory: WebAssembly.Memory, calls: FlowCalls): FlowCode {
  const code = instantiate<FlowCode>(WASM, memory, {
    memory: { exhausted },
    block: { replay: calls.replay },
    servers: { sample: calls.sample },
  });
  code.begin();
  return code;
}

/** @throws {LimitError} always */
function exhausted(): never {
  throw new LimitError("expected undecided connections that fit into memory, found more at once");
}
