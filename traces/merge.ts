/** Several captures as one, by time. */

import { BatchColumns } from "./batch-columns.ts";
import type { CaptureFile } from "./capture-file.ts";
import type { PacketBatch } from "./packet-batch.ts";

/** A capture that takes part, opened only when its time has come. */
export interface MergeInput {
  /** Time of its first packet, nanoseconds since the trace's origin. */
  first: number;
  open(): Promise<CaptureFile>;
  /** Told once its last packet has been handed on. */
  finished(file: CaptureFile): void;
}

/** An open capture and how far its batch has been handed on. */
interface Head {
  input: MergeInput;
  file: CaptureFile;
  at: number;
  /** Runs of its packets that lie between others' are handed on in this. */
  run: BatchColumns;
}

/**
 * The packets of all inputs, each input's in its own order, the earliest first where inputs overlap
 * and, at the same time, the input that stands first in the list. A file is opened when the first
 * of its packets is due, so captures in a row are read one after another.
 */
export async function* mergeByTime(inputs: readonly MergeInput[]): AsyncGenerator<PacketBatch> {
  const waiting = [...inputs].sort((a, b) => a.first - b.first);
  const heads: Head[] = [];
  while (waiting.length > 0 || heads.length > 0) {
    while (waiting.length > 0 && (heads.length === 0 || waiting[0].first <= earliest(heads))) {
      const input = waiting.shift() as MergeInput;
      const file = await input.open();
      const head = { input, file, at: 0, run: new BatchColumns(file.batch.file) };
      if (file.batch.count > 0 || (await file.next())) heads.push(head);
      else input.finished(file);
    }
    const head = heads.reduce(
      (best, other) => (nextTime(other) < nextTime(best) ? other : best),
      heads[0],
    );
    if (!head) continue;
    const limit = Math.min(
      waiting[0]?.first ?? Number.POSITIVE_INFINITY,
      earliest(heads.filter((other) => other !== head)),
    );
    yield runUntil(head, limit);
    if (head.at < head.file.batch.count) continue;
    head.at = 0;
    if (await head.file.next()) continue;
    heads.splice(heads.indexOf(head), 1);
    head.input.finished(head.file);
  }
}

const nextTime = ({ file, at }: Head): number => file.batch.time[at];

const earliest = (heads: readonly Head[]): number =>
  heads.reduce((time, head) => Math.min(time, nextTime(head)), Number.POSITIVE_INFINITY);

/** The next packets of `head` up to and including time `limit`, at least one. */
function runUntil(head: Head, limit: number): PacketBatch {
  const { batch } = head.file;
  const from = head.at;
  let to = from + 1;
  while (to < batch.count && batch.time[to] <= limit) to++;
  head.at = to;
  if (from === 0 && to === batch.count) return batch;
  const { run } = head;
  run.bytes = batch.bytes;
  run.view = batch.view;
  run.count = to - from;
  run.firstNumber = batch.firstNumber + from;
  for (let i = from; i < to; i++) {
    run.offset[i - from] = batch.offset[i];
    run.captured[i - from] = batch.captured[i];
    run.wire[i - from] = batch.wire[i];
    run.time[i - from] = batch.time[i];
    run.linkType[i - from] = batch.linkType[i];
  }
  return run;
}
