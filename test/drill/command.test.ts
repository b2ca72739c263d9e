/** `npm run drill`: what it prints, and its exit status. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectPath } from "../support/project.ts";

const folder = mkdtempSync(`${tmpdir()}/anypin-drill-`);
test.after(() => rmSync(folder, { recursive: true }));

const SOCKET = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n";
const file = (name: string, text: string): string => {
  writeFileSync(`${folder}/${name}`, text);
  return `${folder}/${name}`;
};

const drill = (...args: string[]) =>
  spawnSync(process.execPath, [projectPath("dist/test/drill/main.js"), ...args], {
    encoding: "utf8",
  });

const good = file("good.pkt", `0 \`sysctl -w net.inet.tcp.hostcache.purgenow=1\`\n${SOCKET}`);
const bad = file("bad.pkt", `${SOCKET}+0 listen(3, 1) = -1 EINVAL\n`);
const strange = file("strange.pkt", `${SOCKET}+0 epoll_create(1) = 4\n`);

test("a script that passes: ok, what was passed over, the sum, status 0", () => {
  const { stdout, status } = drill(good);
  const note = "note: sysctl net.inet.tcp.hostcache.purgenow=1 has no effect here (1 script)";
  assert.equal(stdout.split("\n"), [
    `ok          ${good}`,
    note,
    "1 passed, 0 failed, 0 unsupported",
    "",
  ]);
  assert.is(status, 0);
});

test("a folder is all its scripts; failures and unknown constructs have their lines, status 1", () => {
  const { stdout, status } = drill(folder);
  assert.match(stdout, `FAILED      ${bad}:2: listen: expected -1 EINVAL, found 0`);
  assert.match(stdout, `UNSUPPORTED ${strange}:2: the system call epoll_create`);
  assert.match(stdout, /\n1 passed, 1 failed, 1 unsupported\n$/);
  assert.is(status, 1);
});

test("no script, a missing one or a wrong option is a wrong command line, status 2", () => {
  for (const args of [[], [`${folder}/missing.pkt`], ["--fast", good]]) {
    const { stderr, status } = drill(...args);
    assert.is(status, 2);
    assert.match(stderr, /^(usage|drill): /);
    assert.not.match(stderr, /\n\s+at /);
  }
});

test.run();
