/** Files that are written: whole, and when they cannot be, the error says which. */
import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OutputFile, writeText } from "../../traces/output-file.ts";
import { announceSkip } from "../support/project.ts";
import { temporary } from "../support/temporary.ts";

const files = temporary();
test.after(() => files.remove());

test("a file holds what was written to it last, and nothing older", () => {
  const path = files.path("text");
  writeText(path, "older and longer");
  const file = new OutputFile(path);
  file.write(Buffer.from("one, "));
  file.write(Buffer.from("two"));
  file.close();
  assert.is(files.read("text"), "one, two");
});

test("an error names the file, whether it cannot be opened or is full", () => {
  const missing = files.path("no/such/file");
  const failure = (act: () => void): NodeJS.ErrnoException => {
    try {
      act();
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
    throw new Error("did not fail");
  };
  const opening = failure(() => new OutputFile(missing));
  assert.equal([opening.code, opening.path], ["ENOENT", missing]);
  if (!existsSync("/dev/full")) return announceSkip("a full disk", "no /dev/full here");
  const writing = failure(() => writeText("/dev/full", "text"));
  assert.equal([writing.code, writing.path], ["ENOSPC", "/dev/full"]);
});

test.run();
