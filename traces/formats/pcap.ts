/** Classic captures: a file header, then records of header and packet. */
import type { BatchColumns } from "../batch-columns.ts";
import type { ByteWindow } from "../byte-window.ts";
import type { DamageLog } from "../damage-log.ts";
import { type FormatReader, type OpenReader, type ReadState, splitTime } from "./format.ts";
import { FILE_HEADER, type PcapLayout, readPcapHeader } from "./pcap-header.ts";
import {
  beginsCapture,
  type Claim,
  describeClaim,
  type Judges,
  makesSense,
  readClaim,
} from "./pcap-odd.ts";
import { MAX_WIRE, PcapShape } from "./pcap-shape.ts";
import { RecordWalk, takeRecord } from "./pcap-walk.ts";
import { findChain } from "./resync.ts";

/** A search for the next good record. Positions are offsets in the file. */
interface Search {
  fault: { offset: number; packet: number; expected: string; found: string };
  /** Next place to look at. */
  at: number;
  /**
   * The record before the fault, or the one that reaches past the end of the file: its length may
   * have lied. Null when it is known to be right. It is taken once the search has passed it.
   */
  suspect: number | null;
  /** The fault is that the suspect itself reaches past the end. */
  cut: boolean;
}

type Step = ReadState | "again";

class PcapReader implements FormatReader {
  number = 1;
  readonly #layout: PcapLayout;
  readonly #log: DamageLog;
  readonly #judges: Judges;
  readonly #walk: RecordWalk;
  #origin: bigint | null = null;
  #search: Search | null = null;

  constructor(layout: PcapLayout, log: DamageLog) {
    this.#layout = layout;
    this.#walk = new RecordWalk(layout);
    this.#log = log;
    this.#judges = {
      mild: new PcapShape(layout, "mild"),
      timely: new PcapShape(layout, "timely"),
      strict: new PcapShape(layout, "strict"),
    };
  }

  get origin(): bigint | null {
    return this.#origin;
  }

  set origin(origin: bigint | null) {
    this.#origin = origin;
    const { seconds, nanoseconds } = splitTime(origin ?? 0n);
    this.#walk.originSeconds = seconds;
    this.#walk.originFraction = nanoseconds;
  }

  read(window: ByteWindow, batch: BatchColumns): ReadState {
    batch.reset(window, this.number);
    let step: Step = "again";
    while (step === "again") {
      step = this.#search ? this.#seek(window, batch, this.#search) : this.#take(window, batch);
    }
    this.number = batch.firstNumber + batch.count;
    return step;
  }

  #take(window: ByteWindow, batch: BatchColumns): Step {
    this.#walk.last = -1;
    if (Number.isNaN(this.#walk.seconds) && window.start + this.#layout.header <= window.end) {
      const { strict } = this.#judges;
      strict.begin();
      if (strict.judge(window.view, window.start) === 0) return this.#weigh(window, batch);
      this.#beginAt(window, window.start);
    }
    const state = this.#walk.take(window, batch);
    if (this.#walk.last >= 0)
      this.#judges.strict.known = this.#judges.timely.known = this.#walk.seconds;
    if (state === "full") return "full";
    return state === "odd" ? this.#weigh(window, batch) : this.#pause(window, batch);
  }

  /** Takes the record at `at` for the next in time, and for the origin when it is the first. */
  #beginAt(window: ByteWindow, at: number): void {
    const { seconds, fraction } = readClaim(window.view, at, this.#layout);
    this.#walk.seconds = seconds;
    this.origin ??= BigInt(seconds) * 1_000_000_000n + BigInt(fraction * this.#layout.fraction);
  }

  /** Waits for more bytes; at the end of the file, takes the last record or finds it cut. */
  #pause(window: ByteWindow, batch: BatchColumns): Step {
    const { start, end } = window;
    const { header } = this.#layout;
    const held = end - start;
    const length = held < header ? 0 : readClaim(window.view, start, this.#layout).length;
    if (!window.ended) {
      window.want(start + header + (held < header ? 0 : length + header));
      return "more";
    }
    if (batch.count === batch.capacity) return "full";
    if (held >= header + length) {
      takeRecord(batch, this.#layout, this.#walk, start, length);
      window.start += header + length;
      return "again";
    }
    if (held <= 0 || window.failure) return "done";
    const at = { offset: window.base + start, packet: batch.firstNumber + batch.count };
    if (held < header) {
      const expected = `a record header of ${header} bytes`;
      this.#log.add({ ...at, expected, found: `the end of the file after ${held}`, skipped: null });
      window.start = end;
      return "done";
    }
    const expected = `the ${length} bytes of a packet`;
    const found = `the end of the file after ${held - header}`;
    const suspect = at.offset;
    this.#search = { fault: { ...at, expected, found }, at: suspect + header, suspect, cut: true };
    return "again";
  }

  /** Decides about a record that looks odd: if what follows makes sense, it is no damage. */
  #weigh(window: ByteWindow, batch: BatchColumns): Step {
    const claim = readClaim(window.view, window.start, this.#layout);
    this.#judges.strict.claimed = claim.seconds;
    const sense = makesSense(window, this.#layout, this.#judges, claim, this.#walk.last);
    if (sense) {
      if (batch.count === batch.capacity) return "full";
      this.#takeOdd(window, batch, claim);
      return "again";
    }
    const offset = window.base + window.start;
    const packet = batch.firstNumber + batch.count;
    const held = window.end - window.start - this.#layout.header;
    const left = window.ended ? held : Number.POSITIVE_INFINITY;
    const appended = beginsCapture(claim);
    let suspect: number | null = null;
    if (this.#walk.last >= 0 && !appended) {
      window.start = this.#walk.last;
      batch.count--;
      suspect = window.base + this.#walk.last;
    }
    if (sense === null) return "more";
    const fault = { offset, packet, ...describeClaim(claim, this.#layout, left) };
    // The other capture may be of any time.
    if (appended) this.#judges.strict.known = this.#judges.strict.claimed = Number.NaN;
    const past = appended ? FILE_HEADER : 1;
    const at = suspect === null ? offset + past : suspect + this.#layout.header;
    this.#search = { fault, at, suspect, cut: false };
    return "again";
  }

  /** Takes an odd record for what it claims, but for a length that no packet has. */
  #takeOdd(window: ByteWindow, batch: BatchColumns, claim: Claim): void {
    const { header } = this.#layout;
    const row = batch.count;
    const at = { offset: window.base + window.start, packet: batch.firstNumber + row };
    if (Number.isNaN(this.#walk.seconds)) this.#beginAt(window, window.start);
    takeRecord(batch, this.#layout, this.#walk, window.start, claim.length);
    window.start += header + claim.length;
    if (claim.wire > MAX_WIRE) {
      const expected = `an original length up to ${MAX_WIRE}`;
      const found = `${claim.wire}, read as ${claim.length}`;
      this.#log.add({ ...at, expected, found, skipped: 0 });
      batch.wire[row] = claim.length;
    }
  }

  /** Goes on searching: first inside the suspect, which may hide a record, then behind the fault. */
  #seek(window: ByteWindow, batch: BatchColumns, search: Search): Step {
    if (batch.count === batch.capacity) return "full";
    const { fault, suspect, cut } = search;
    const inside = suspect !== null && !cut;
    const edge = fault.offset - window.base;
    const until = inside ? edge : Number.POSITIVE_INFINITY;
    const from = search.at - window.base;
    // A header that lost a byte makes sense a little before where it stands, at another time.
    const { strict } = this.#judges;
    strict.seamless = inside;
    const result = findChain(window, strict, from, until, inside ? edge : -1);
    if (result === "none" && inside) {
      this.#takeSuspect(window, batch, suspect - window.base, edge);
      search.suspect = null;
      search.at = fault.offset + 1;
      return "again";
    }
    if (result === "none") {
      this.#log.add({ ...fault, skipped: null });
      this.#search = null;
      window.start = window.end;
      return "done";
    }
    if ("resume" in result) {
      search.at = window.base + result.resume;
      if (suspect === null) window.start = result.resume;
      return "more";
    }
    this.#search = null;
    const right = inside && result.found > edge;
    if (right) this.#takeSuspect(window, batch, suspect - window.base, edge);
    if (suspect === null || right) {
      this.#log.add({ ...fault, skipped: result.found - edge });
    } else {
      this.#reportLie(window, fault.packet - (cut ? 0 : 1), suspect, result.found);
      this.#takeSuspect(window, batch, suspect - window.base, result.found);
    }
    window.start = result.found;
    this.#beginAt(window, result.found);
    return "again";
  }

  /** Takes the record at position `at` as ending at `end`, whatever its header claims. */
  #takeSuspect(window: ByteWindow, batch: BatchColumns, at: number, end: number): void {
    takeRecord(batch, this.#layout, this.#walk, at, end - at - this.#layout.header);
    window.start = end;
  }

  #reportLie(window: ByteWindow, packet: number, suspect: number, next: number): void {
    const claim = readClaim(window.view, suspect - window.base, this.#layout);
    const real = window.base + next - suspect - this.#layout.header;
    const expected = `a captured length of ${real}, for there the next record begins`;
    this.#log.add({ offset: suspect, packet, expected, found: `${claim.length}`, skipped: 0 });
  }
}

export const openPcap: OpenReader = (window, log) => {
  const { buffer, byteOffset } = window.bytes;
  const head = new DataView(buffer, byteOffset, Math.min(FILE_HEADER, window.end));
  const layout = readPcapHeader(head, log);
  window.start = FILE_HEADER;
  return new PcapReader(layout, log);
};
