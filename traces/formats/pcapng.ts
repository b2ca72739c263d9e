/** pcapng (draft-ietf-opsawg-pcapng): sections of blocks, packets among them. */
import type { BatchColumns } from "../batch-columns.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { DamageLog } from "../damage-log.ts";
import { TraceError } from "../errors.ts";
import { type FormatReader, hex, type OpenReader, type ReadState } from "./format.ts";
import { type BlockPacket, readPacketBlock } from "./pcapng-blocks.ts";
import {
  exactTime,
  type PcapngInterface,
  relativeTime,
  setInterfaceOrigin,
} from "./pcapng-interface.ts";
import { readInterface } from "./pcapng-options.ts";
import {
  INTERFACE,
  LEAST_BLOCK,
  lengthFault,
  PcapngShape,
  SECTION_HEADER,
  sectionOrder,
} from "./pcapng-shape.ts";
import { walkPackets } from "./pcapng-walk.ts";
import { chainAt, findChain } from "./resync.ts";

/** What is wrong, and where, as an offset in the file. */
interface Fault {
  offset: number;
  packet: number;
  expected: string;
  found: string;
}

type Step = ReadState | "again";

class PcapngReader implements FormatReader {
  number = 1;
  readonly #log: DamageLog;
  readonly #shape = new PcapngShape();
  #faces: PcapngInterface[] = [];
  /** What was said of the last packet that was passed over for want of its interface. */
  #lost: string | null = null;
  #origin: bigint | null = null;
  /** Time of the packet before, for blocks that carry none. */
  #time = 0;
  /** The search for the next good block, and how far it has come (an offset in the file). */
  #search: { fault: Fault; at: number } | null = null;

  constructor(log: DamageLog) {
    this.#log = log;
  }

  get origin(): bigint | null {
    return this.#origin;
  }

  set origin(origin: bigint | null) {
    if (this.#origin !== null && origin !== null) this.#time += Number(this.#origin - origin);
    this.#origin = origin;
    for (const face of this.#faces) setInterfaceOrigin(face, origin ?? 0n);
  }

  read(window: ByteWindow, batch: BatchColumns): ReadState {
    batch.reset(window, this.number);
    let step: Step = "again";
    while (step === "again") {
      step = this.#search ? this.#seek(window, this.#search) : this.#take(window, batch);
    }
    this.number = batch.firstNumber + batch.count;
    return step;
  }

  #take(window: ByteWindow, batch: BatchColumns): Step {
    if (this.#origin !== null) walkPackets(window, batch, this.#faces, this.#shape.little);
    if (batch.count === batch.capacity) return "full";
    if (batch.count > 0) this.#time = batch.time[batch.count - 1];
    const { view, start, end } = window;
    if (end - start < LEAST_BLOCK) {
      window.want(start + LEAST_BLOCK);
      if (!window.ended) return "more";
      if (start >= end || window.failure) return "done";
      return this.#fail(window, batch, "a block", `the end of the file after ${end - start} bytes`);
    }
    const section = view.getUint32(start) === SECTION_HEADER;
    const order = section ? sectionOrder(view, start) : this.#shape.little;
    if (order === null) {
      const found = hex(view.getUint32(start + 8));
      return this.#fail(window, batch, "a section's byte-order magic", found);
    }
    const total = view.getUint32(start + 4, order);
    const wrong = lengthFault(total);
    if (wrong) return this.#fail(window, batch, wrong.expected, wrong.found);
    if (start + total > end) {
      window.want(start + total);
      if (!window.ended) return "more";
      if (window.failure) return "done";
      const found = `the end of the file after ${end - start}`;
      return this.#fail(window, batch, `the ${total} bytes of a block`, found);
    }
    const trailer = view.getUint32(start + total - 4, order);
    if (trailer !== total) {
      // First of its batch, which then nothing ends in front of it: it is complained of once.
      if (batch.count > 0) return "full";
      const atEnd = window.ended && start + total === end;
      const sense = atEnd || chainAt(window, this.#shape, start + total, -1, 2);
      if (sense === null) return "more";
      const expected = `the block's length ${total} again at its end`;
      if (!sense) return this.#fail(window, batch, expected, `${trailer}`);
      this.#note(window, batch, total - 4, expected, `${trailer}`);
    }
    return this.#block(window, batch, total, order);
  }

  /** Uses the whole block at the window's start. */
  #block(window: ByteWindow, batch: BatchColumns, total: number, little: boolean): Step {
    const { view, start } = window;
    const type = view.getUint32(start, little);
    if (type === SECTION_HEADER) {
      this.#shape.little = little;
      this.#faces = [];
    } else if (type === INTERFACE) {
      this.#describe(window, batch, total);
    } else {
      const packet = readPacketBlock(view, start, total, little, this.#faces);
      // Packets of a batch follow one another: one that is passed over ends it.
      if (packet && !packet.face && batch.count > 0) return "full";
      if (packet) this.#packet(window, batch, packet);
    }
    window.start = start + total;
    return "again";
  }

  #describe(window: ByteWindow, batch: BatchColumns, total: number): void {
    if (total < 20) {
      this.#note(window, batch, 4, "an interface description of 20 bytes or more", `${total}`);
      return;
    }
    const face = readInterface(
      window.view,
      window.start,
      total,
      this.#shape.little,
      (at, ...what) => this.#note(window, batch, at - window.start, ...what),
    );
    if (this.#origin !== null) setInterfaceOrigin(face, this.#origin);
    this.#faces.push(face);
  }

  #packet(window: ByteWindow, batch: BatchColumns, packet: BlockPacket): void {
    const { face, fault } = packet;
    // A lost interface takes all its packets with it: said once, not a million times.
    const said = !face && fault?.found === this.#lost;
    if (fault && !said) this.#note(window, batch, fault.at, fault.expected, fault.found);
    if (!face) {
      this.#lost = fault?.found ?? null;
      batch.firstNumber++;
      return;
    }
    if (packet.timed) {
      const { high, low } = packet;
      if (this.#origin === null) this.origin = exactTime(face, high, low);
      this.#time = relativeTime(face, high, low, this.#origin ?? 0n);
    }
    const row = batch.count++;
    batch.offset[row] = packet.offset;
    batch.captured[row] = packet.captured;
    batch.wire[row] = packet.wire;
    batch.time[row] = this.#time;
    batch.linkType[row] = face.linkType;
  }

  /** Goes on searching behind a fault. */
  #seek(window: ByteWindow, search: { fault: Fault; at: number }): Step {
    const { fault } = search;
    const from = search.at - window.base;
    const result = findChain(window, this.#shape, from, Number.POSITIVE_INFINITY, -1);
    if (result !== "none" && "resume" in result) {
      search.at = window.base + result.resume;
      window.start = result.resume;
      return "more";
    }
    this.#search = null;
    const found = result === "none" ? null : window.base + result.found;
    this.#log.add({ ...fault, skipped: found === null ? null : found - fault.offset });
    window.start = found === null ? window.end : found - window.base;
    return found === null ? "done" : "again";
  }

  #fail(window: ByteWindow, batch: BatchColumns, expected: string, found: string): Step {
    const offset = window.base + window.start;
    const packet = batch.firstNumber + batch.count;
    this.#search = { fault: { offset, packet, expected, found }, at: offset + 1 };
    return "again";
  }

  /** Notes a fault inside the block at the window's start that costs none of what follows. */
  #note(
    window: ByteWindow,
    batch: BatchColumns,
    at: number,
    expected: string,
    found: string,
  ): void {
    const offset = window.base + window.start + at;
    const packet = batch.firstNumber + batch.count;
    this.#log.add({ offset, packet, expected, found, skipped: 0 });
  }
}

export const openPcapng: OpenReader = ({ view, end }, log) => {
  const refuse = (offset: number, expected: string, found: string) =>
    new TraceError({ file: log.file, offset, packet: 1, expected, found, skipped: null });
  if (end < 28) {
    throw refuse(end, "a section header of 28 bytes", `the end of the file after ${end}`);
  }
  const order = sectionOrder(view, 0);
  if (order === null) throw refuse(8, "a section's byte-order magic", hex(view.getUint32(8)));
  const major = view.getUint16(12, order);
  const minor = view.getUint16(14, order);
  if (major !== 1 || (minor !== 0 && minor !== 2)) {
    throw refuse(12, "pcapng version 1.0 or 1.2", `version ${major}.${minor}`);
  }
  return new PcapngReader(log);
};
