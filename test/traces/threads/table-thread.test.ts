/** Captures followed with two threads: what comes out is what one thread finds. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ENDS_ALONE, EVERY_PACKET, type Telling } from "../../../traces/activity.ts";
import type { ConnectionOptions } from "../../../traces/connections.ts";
import { TraceError } from "../../../traces/errors.ts";
import { type FollowedCapture, followCaptures } from "../../../traces/followed-capture.ts";
import { ServiceFilter } from "../../../traces/service.ts";
import { parseServices } from "../../../traces/service-text.ts";
import { startProgram } from "../../../traces/threads/table-program.ts";
import { TableThread } from "../../../traces/threads/table-thread.ts";
import { connectionObjects } from "../../support/follow-capture.ts";
import { movesOf } from "../../support/moves.ts";
import { batchMemory, packetBatch } from "../../support/packet-batch.ts";
import { haveShared, projectPath, sharedPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");
const captures = [SAMPLE];
if (haveShared("captures/files", "captures in a thread")) {
  const names = [
    "fmt-pcpp-many_interfaces-1.pcapng",
    "tcp-pcpp-four_ipv6_http_streams.pcap",
    "fmt-zeek-ip4-trunc.pcap",
  ];
  captures.push(...names.map((name) => sharedPath(`captures/files/${name}`)));
}

/** All that is told of a capture, however its packets are grouped. */
async function read(capture: FollowedCapture, telling: Telling = EVERY_PACKET) {
  const packets = createHash("sha256");
  const opened: object[] = [];
  const closed: object[] = [];
  const moved: string[] = [];
  /** Per slot: the connection that has it. */
  const ids = new Map<number, number>();
  for await (const activity of capture.activities(telling)) {
    for (let row = 0; row < activity.opened.count; row++) {
      ids.set(activity.openedSlot[row], activity.opened.id[row]);
    }
    opened.push(...connectionObjects(activity.opened).map(({ id, start }) => ({ id, start })));
    for (let i = 0; i < activity.packets; i++) {
      const { time, wire, payload, fromServer, slot } = activity;
      const id = slot[i] < 0 ? -1 : ids.get(slot[i]);
      packets.update(`${id} ${time[i]} ${wire[i]} ${payload[i]} ${fromServer[i]}\n`);
    }
    for (const { slot, window, bytes, late } of movesOf(activity, capture.memory.buffer)) {
      moved.push(`${ids.get(slot)} ${window} ${bytes} ${late}`);
    }
    for (let row = 0; row < activity.closed.count; row++) {
      assert.is(
        ids.get(activity.closedSlot[row]) ?? activity.closed.id[row],
        activity.closed.id[row],
      );
    }
    closed.push(...connectionObjects(activity.closed));
  }
  const byId = closed.sort((a, b) => (a as { id: number }).id - (b as { id: number }).id);
  return { packets: packets.digest("hex"), opened, moved, closed: byId, facts: capture.facts() };
}

const MOVES: Telling = {
  packets: false,
  moves: { windowNs: 1e8, layer: "wire", direction: "out" },
};

const WAYS: Readonly<Record<string, [ConnectionOptions, Telling]>> = {
  "every packet": [{}, EVERY_PACKET],
  "closes alone": [{}, ENDS_ALONE],
  "what moved": [{}, MOVES],
  "one service": [{ service: parseServices(["203.0.113.9:80"]) }, { ...MOVES, packets: true }],
  "a short time-out": [{ idleSeconds: 0.05 }, { ...MOVES, packets: true }],
};

for (const name of captures) {
  for (const [way, [following, telling]] of Object.entries(WAYS)) {
    test(`${name.split("/").at(-1)}, ${way}: two threads tell what one does`, async () => {
      const here = await read(await followCaptures([name], following), telling);
      const there = await read(await followCaptures([name], following, { threads: 2 }), telling);
      if (name === SAMPLE) {
        assert.ok(here.closed.length > 1000);
        assert.is(here.moved.length > 1000, telling.moves !== null);
      }
      assert.equal(there, here);
    });
  }
}

test("several captures are merged for the thread as they are without", async () => {
  const names = captures.slice(0, 2);
  const here = await read(await followCaptures(names, {}));
  assert.equal(await read(await followCaptures(names, {}, { threads: 2 })), here);
});

test("what cannot be opened is refused as it is here", async () => {
  try {
    await followCaptures([projectPath("no-such.pcap")], {}, { threads: 2 });
    assert.unreachable("was not refused");
  } catch (error) {
    assert.instance(error, TraceError);
    assert.match((error as Error).message, "expected a capture, found no such file");
  }
});

test("a stop ends the reading and says so", async () => {
  const stop = new AbortController();
  stop.abort();
  const capture = await followCaptures([SAMPLE], {}, { signal: stop.signal, threads: 2 });
  for await (const _ of capture.activities(ENDS_ALONE));
  assert.ok(capture.facts().truncated);
});

test("whoever stops asking leaves no thread behind", async () => {
  const capture = await followCaptures([SAMPLE], {}, { threads: 2 });
  for await (const activity of capture.activities(EVERY_PACKET)) {
    assert.ok(activity.packets > 0);
    break;
  }
});

test("a thread that nobody asks for anything does not keep the program from ending", () => {
  const follow = JSON.stringify(pathToFileURL(projectPath("dist/traces/followed-capture.js")).href);
  const program = `const { followCaptures } = await import(${follow});
    await followCaptures([process.argv[1]], {}, { threads: 2 });`;
  const options = ["--input-type=module", "-e", program, SAMPLE];
  const { status, signal } = spawnSync(process.execPath, options, { timeout: 20_000 });
  assert.equal([status, signal], [0, null]);
});

test("a thread that fails is told of, not waited for", async () => {
  const service = new ServiceFilter([{ port: 0 } as never]);
  const capture = await followCaptures([SAMPLE], { service }, { threads: 2 });
  try {
    for await (const _ of capture.activities(ENDS_ALONE));
    assert.unreachable("did not fail");
  } catch (error) {
    assert.instance(error, TypeError);
  }
});

/** Ends when it is told what to follow. */
const DYING = new URL(
  "data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.once('message', () => process.exit())",
);

test("a thread that dies without a word is not waited for, either", async () => {
  const thread = new TableThread({}, batchMemory, EVERY_PACKET, startProgram(DYING));
  const batch = packetBatch([{ data: new Uint8Array(60), linkType: 1 }]);
  async function* batches() {
    yield batch;
  }
  try {
    for await (const _ of thread.activities(batches()));
    assert.unreachable("did not fail");
  } catch (error) {
    assert.match(String(error), "the table's thread has ended");
  }
});

test.run();
