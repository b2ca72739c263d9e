/** Several captures as one, by time. */

import { BatchColumns } from "./batch-columns.ts";
import type { CaptureFile } from "./capture-file.ts";

/** A capture that takes part, opened only when its time has come. */
export interface MergeInput {
  /** Its place among the names given, by which ties are broken. */
  index: number;
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
export async function* mergeByTime(inputs: readonly MergeInput[]): AsyncGenerator<BatchColumns> {
  const waiting = [...inputs].sort((a, b) => a.first - b.first || a.index - b.index);
  const heads: Head[] = [];
  while (waiting.length > 0 || heads.length > 0) {
    let head = foremost(heads, null);
    while (waiting.length > 0 && (head === null || waiting[0].first <= nextTime(head))) {
      const input = waiting.shift() as MergeInput;
      const file = await input.open();
      if (file.batch.count > 0 || (await file.next())) {
        heads.push({ input, file, at: 0, run: new BatchColumns(input.index, file.batch.memory) });
      } else input.finished(file);
      head = foremost(heads, null);
    }
    if (head === null) continue;
    yield nextRun(head, foremost(heads, head), waiting[0]?.first ?? Number.POSITIVE_INFINITY);
    if (head.at < head.file.batch.count) continue;
    head.at = 0;
    if (await head.file.next()) continue;
    heads.splice(heads.indexOf(head), 1);
    head.run.giveBack();
    head.input.finished(head.file);
  }
}

const nextTime = ({ file, at }: Head): number => file.batch.time[at];

/** The head whose packet comes first, `except` left out. */
function foremost(heads: readonly Head[], except: Head | null): Head | null {
  let best: Head | null = null;
  for (const head of heads) {
    if (head === except) continue;
    const ahead = best === null ? -1 : nextTime(head) - nextTime(best);
    if (best === null || ahead < 0 || (ahead === 0 && head.input.index < best.input.index)) {
      best = head;
    }
  }
  return best;
}

/**
 * The next packets of `head`, at least one: up to the next one of `rival`, and before `due`, when
 * another file has to be opened.
 */
function nextRun(head: Head, rival: Head | null, due: number): BatchColumns {
  const { batch } = head.file;
  if (head.at === 0 && rival === null && due === Number.POSITIVE_INFINITY) {
    head.at = batch.count;
    return batch;
  }
  const limit = rival === null ? Number.POSITIVE_INFINITY : nextTime(rival);
  const winsTies = rival === null || head.input.index < rival.input.index;
  const { time } = batch;
  const from = head.at;
  let to = from + 1;
  while (
    to < batch.count &&
    time[to] < due &&
    (time[to] < limit || (winsTies && time[to] === limit))
  ) {
    to++;
  }
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
