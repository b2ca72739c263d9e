import { test } from "uvu";
import * as assert from "uvu/assert";
import { attendance } from "../../../replay/cli/attendance.ts";
import { humanBytes, humanSeconds, startProgress } from "../../../replay/cli/progress.ts";
import { openInput } from "../../../replay/cli/trace-input.ts";
import { ENDS_ALONE } from "../../../traces/activity.ts";
import { testTerminal } from "../../support/cli.ts";
import { projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");

test("shows share, rate and time left, but not in the first second", () => {
  let now = 0;
  const terminal = testTerminal({ interactive: true });
  const progress = startProgress(terminal, "web.pcap", 400e6, () => now);
  now = 999;
  progress.update(50e6);
  assert.is(terminal.errText(), "");
  now = 2000;
  progress.update(100e6);
  assert.match(terminal.errText(), "web.pcap ██████░░░░░░░░░░░░░░░░░░ 25 %  50 MB/s  6 s left");
  progress.done();
  assert.ok(terminal.errText().endsWith("\r\u001b[K"));
});

test("whoever waits for the stack engine sees connections once all is read, and may end it", async () => {
  const shown = testTerminal({ interactive: true });
  let readAll = false;
  const { attend, done } = attendance(shown, false, () => readAll);
  await attend(100, 200);
  assert.is(shown.errText(), "", "the input's own bar is there");
  readAll = true;
  await attend(100, 1100);
  const begun = performance.now();
  while (performance.now() < begun + 1010) await attend(600, 1100);
  assert.match(shown.errText(), /running █{12}░{12} 50 % {2}\d+ connections\/s {2}1 s left/);
  done();
  const controller = new AbortController();
  const waiting = attendance(testTerminal({ interrupted: controller.signal }), true, () => true);
  assert.is(await waiting.attend(1, 2), true);
  controller.abort();
  assert.is(await waiting.attend(1, 2), false);
});

test("redraws ten times a second at most, and says nothing where no line can be redrawn", () => {
  let now = 0;
  const terminal = testTerminal({ interactive: true });
  const progress = startProgress(terminal, "x", null, () => now);
  for (now = 0; now < 3000; now += 1) progress.update(now);
  assert.is(terminal.errText().split("\r").length - 1, 20);
  const silent = testTerminal();
  const none = startProgress(silent, "x", null, () => now);
  none.update(5);
  now += 5000;
  none.update(6);
  none.done();
  assert.is(silent.errText(), "");
});

test("an input that is read for long shows how far it is, unless nobody is to see", async () => {
  const readFor1s = async (quiet: boolean, interactive: boolean) => {
    const terminal = testTerminal({ interactive });
    const { trace } = await openInput([SAMPLE], { quiet }, terminal);
    if (trace.kind !== "capture") throw new Error("expected a capture");
    const begun = performance.now();
    while (performance.now() < begun + 1010);
    for await (const _ of trace.activities(ENDS_ALONE));
    return terminal.errText();
  };
  const shown = await readFor1s(false, true);
  assert.match(shown, /web\.pcap\.gz █+░* +\d+ %/);
  assert.ok(shown.endsWith("\r\u001b[K"));
  assert.is(await readFor1s(true, true), "");
  assert.is(await readFor1s(false, false), "");
});

test("units are those a person would choose", () => {
  assert.equal([0, 999, 1000, 9940, 9960, 1234567, 5e12].map(humanBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "9.9 kB",
    "10 kB",
    "1.2 MB",
    "5.0 TB",
  ]);
  assert.equal([0.4, 42, 187, 3765].map(humanSeconds), ["0 s", "42 s", "3:07", "1:02:45"]);
});

test.run();
