/**
 * Packets to connections. A connection is found by its pair of addresses and ports, whichever way
 * its packet goes; it is followed until it ends, and reported once nothing more can come of it. All
 * of that is in `wasm/`; here is what JavaScript sees of it.
 */
import type { Telling, WindowBytes } from "../activity.ts";
import type { ActivityColumns } from "../activity-columns.ts";
import type { PacketRows } from "../decode/packet-rows.ts";
import { LimitError } from "../errors.ts";
import type { ServiceFilter } from "../service.ts";
import { instantiate } from "../wasm-module.ts";
import { WASM } from "./gen/table-wasm.ts";

export interface TableOptions {
  /** Nanoseconds without a packet that end a connection. */
  idleTcp: number;
  idleUdp: number;
  /** Whose connections to report; null for all. */
  service: ServiceFilter | null;
  /** What is told beside what closed. */
  telling: Telling;
}

/** Whose bytes do not count, as `Activity.fromServer` says who sent them. */
const NO_MOVES: WindowBytes = { windowNs: 0, layer: "payload", direction: "both" };
const UNWANTED = { in: 1, out: 0, both: 2 } as const;

/** What `wasm/table.ts` exports; a number is an address where its name says so. */
interface TableCode {
  begin(
    idleTcp: number,
    idleUdp: number,
    hasService: boolean,
    packets: boolean,
    windowNs: number,
    onWire: boolean,
    unwanted: number,
  ): void;
  size(): number;
  take(rows: number, v6: number, count: number, place: number, activity: number): void;
  end(activity: number): void;
  settled(): number;
}

export class ConnectionTable {
  readonly #code: TableCode;

  /** In the memory of a trace. */
  constructor(options: TableOptions, memory: WebAssembly.Memory) {
    const { service } = options;
    this.#code = instantiate<TableCode>(WASM, memory, {
      memory: { exhausted },
      opener: { isService: service ? service.matches.bind(service) : () => true },
    });
    const { idleTcp, idleUdp, telling } = options;
    const { windowNs, layer, direction } = telling.moves ?? NO_MOVES;
    const begin = [service !== null, telling.packets, windowNs, layer === "wire"] as const;
    this.#code.begin(idleTcp, idleUdp, ...begin, UNWANTED[direction]);
  }

  /** Connections followed now, those that linger included. */
  get size(): number {
    return this.#code.size();
  }

  /**
   * Takes in the rows of `packets`, which are packets `first … first + count − 1` of the group that
   * `activity` tells of. What comes of them does not depend on how packets are grouped.
   */
  take(packets: PacketRows, first: number, count: number, activity: ActivityColumns): void {
    const { words, v6 } = packets;
    this.#code.take(words.byteOffset, v6.byteOffset, count, first, activity.address);
    activity.update();
  }

  /** Reports some of what is left, the trace being over: to be called until nothing is. */
  end(activity: ActivityColumns): void {
    this.#code.end(activity.address);
    activity.update();
  }

  /** `Activity.settled`: every close before this time has been reported. */
  settled(): number {
    return this.#code.settled();
  }
}

/** @throws {LimitError} always: 32 bits of addresses hold some ten million connections */
function exhausted(): never {
  throw new LimitError("expected connections that fit into 4 GiB, found more open at once");
}
