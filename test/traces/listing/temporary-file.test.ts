/** What does not fit into memory lies in a file that nobody sees; where none can be made, that is said. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { TemporaryFile } from "../../../traces/listing/temporary-file.ts";
import { temporary } from "../../support/temporary.ts";

const files = temporary();
const before = process.env.TMPDIR;
test.after(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  files.remove();
});

test("bytes come back from where they were put, zeros from between, nothing from behind the end", () => {
  process.env.TMPDIR = files.folder;
  const file = new TemporaryFile();
  assert.equal(readdirSync(files.folder), []);
  file.write(Uint8Array.of(1, 2), 3);
  const bytes = new Uint8Array(8).fill(9);
  file.read(bytes, 1);
  assert.equal([...bytes], [0, 0, 1, 2, 9, 9, 9, 9]);
  file.close();
});

test("where there is no folder for it, the error says what was to be made, and who names the folder", () => {
  process.env.TMPDIR = files.path("nowhere");
  let thrown: NodeJS.ErrnoException | null = null;
  try {
    new TemporaryFile();
  } catch (error) {
    thrown = error as NodeJS.ErrnoException;
  }
  assert.is(thrown?.code, "ENOENT");
  assert.is(thrown?.path, `a temporary file in ${files.path("nowhere")} (TMPDIR)`);
});

test.run();
