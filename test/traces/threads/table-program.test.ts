/** A thread that is begun before it is known what for. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  beginTableProgram,
  dropTableProgram,
  takeTableProgram,
} from "../../../traces/threads/table-program.ts";

test("the thread that was begun is the one that is taken, and is taken once", async () => {
  const begun = beginTableProgram();
  assert.is(beginTableProgram(), begun);
  assert.is(takeTableProgram(), begun);
  const second = takeTableProgram();
  assert.is.not(second, begun);
  await Promise.all([begun.worker.terminate(), second.worker.terminate()]);
});

test("a thread that nobody needs is ended, and nobody gets it", async () => {
  const begun = beginTableProgram();
  await dropTableProgram();
  const message = await begun.failure.catch((error: Error) => error.message);
  assert.is(message, "the table's thread has ended");
  const taken = takeTableProgram();
  assert.is.not(taken, begun);
  await taken.worker.terminate();
});

test.run();
