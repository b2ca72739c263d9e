/** What happens to servers while connections are open, one event at a time. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Comparison } from "../../../replay/emulation/comparison.ts";
import type { Connection } from "../../../replay/emulation/connection.ts";
import type { ScenarioEvent } from "../../../replay/emulation/scenario/scenario.ts";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { scenarioOf } from "../../support/emulation.ts";

const SECOND = 1e9;
const COUNT = 400;
const SERVERS = 4;

/** Four connections a second for a hundred seconds, each twenty seconds long, answered all along. */
function steady(protocol = 6): ConnectionColumns {
  const rows = new ConnectionColumns(COUNT);
  rows.count = COUNT;
  for (let i = 0; i < COUNT; i++) {
    rows.id[i] = i;
    rows.start[i] = (i * SECOND) / 4;
    rows.duration[i] = 20 * SECOND;
    rows.client.set([0, 0, 0xffff, 0x0a000001 + (i % 50)], 4 * i);
    rows.server.set([0, 0, 0xffff, 0xcb007109], 4 * i);
    rows.clientPort[i] = 2000 + i;
    rows.serverPort[i] = 80;
    rows.protocol[i] = protocol;
    rows.clientBytes[i] = 100;
    rows.serverBytes[i] = 40_000;
    rows.clientPackets[i] = 20;
    rows.serverPackets[i] = 30;
  }
  return rows;
}

interface Fate {
  opened: number;
  server: number;
  end: string;
}

/** What becomes of each connection with and without the pin. */
function fates(design: string, events: readonly ScenarioEvent[], protocol = 6): Fate[] {
  const scenario = scenarioOf({ designs: [design], policies: ["hash"], servers: SERVERS, events });
  const all: Fate[] = [];
  const comparison = new Comparison(scenario, 1, () => ({
    ended({ openAt, holder, id }: Connection, end) {
      all[id] = { opened: openAt / SECOND, server: holder, end };
    },
  }));
  comparison.take({ rows: steady(protocol), pace: null, first: 0, end: COUNT });
  const [{ result }] = comparison.finish();
  assert.equal(result.left, { buffers: 0, timers: 0, blocks: 0 });
  return all;
}

const completed = (list: readonly Fate[]) => list.filter(({ end }) => end === "completed").length;
const at = (seconds: number) => ({ ns: seconds * SECOND });

test("nothing happens, nothing breaks", () => {
  for (const design of ["plain", "pinned-receive"]) {
    assert.is(completed(fates(design, [])), COUNT);
  }
});

test("a drained server gets no new connections and keeps its own, if they are pinned", () => {
  const events: ScenarioEvent[] = [{ at: at(50), do: "drain", server: 1 }];
  const pinned = fates("pinned-receive", events);
  assert.is(completed(pinned), COUNT);
  assert.ok(pinned.some(({ opened, server }) => opened < 50 && server === 1));
  assert.not(pinned.some(({ opened, server }) => opened > 50.1 && server === 1));
  const plain = fates("plain", events);
  const own = plain.filter(({ opened, server }) => opened > 35 && opened < 50 && server === 1);
  assert.ok(own.length > 5 && completed(own) === 0, "without the pin its connections are lost");
});

for (const how of ["silent", "reset"] as const) {
  test(`a server that fails (${how}) takes its own connections with it, and no others that are pinned`, () => {
    const events: ScenarioEvent[] = [
      { at: at(50), do: "fail", server: 2, how, detectNs: SECOND / 2 },
      { at: at(80), do: "restart", server: 2 },
    ];
    const all = fates("pinned-receive", events);
    const lost = all.filter(({ end }) => end !== "completed");
    assert.ok(lost.length > 5 && lost.length < 60, `${lost.length} lost`);
    assert.ok(lost.every(({ opened }) => opened > 29 && opened < 51));
    const before = all.filter(({ opened, server }) => opened > 31 && opened < 50 && server === 2);
    assert.is(completed(before), 0);
    if (how === "reset") assert.ok(before.every(({ end }) => end === "reset"));
    const others = all.filter(({ opened, server }) => opened < 50 && server !== 2);
    assert.is(completed(others), others.length);
    assert.ok(
      all.some(({ opened, server }) => opened > 81 && server === 2),
      "it is back",
    );
    assert.not(all.some(({ opened, server }) => opened > 51 && opened < 79 && server === 2));
  });
}

test("datagrams to a server that failed are read by nobody, and nothing of them is left", () => {
  const events: ScenarioEvent[] = [
    { at: at(50), do: "fail", server: 2, how: "reset", detectNs: SECOND / 2 },
  ];
  const all = fates("pinned-receive", events, 17);
  const own = all.filter(({ opened, server }) => opened > 31 && opened < 50 && server === 2);
  assert.ok(own.length > 5, `${own.length} flows`);
  assert.is(completed(own), 0);
  const others = all.filter(({ server }) => server !== 2);
  assert.is(completed(others), others.length);
});

test("when no server is left, new connections never open", () => {
  const events = Array.from({ length: SERVERS }, (_, server) => ({
    at: at(90),
    do: "fail" as const,
    server,
    how: "silent" as const,
    detectNs: 0,
  }));
  const late = fates("plain", events).filter(({ opened }) => opened > 90.1);
  assert.ok(late.length > 30);
  assert.ok(late.every(({ end, server }) => end === "neverOpened" && server === -1));
});

test("connections that a damaged clock puts centuries away are run all the same", () => {
  for (const away of [1e21, 1e30]) {
    const rows = steady();
    for (let i = COUNT / 2; i < COUNT; i++) rows.start[i] += away;
    rows.duration[COUNT - 1] = away;
    const comparison = new Comparison(scenarioOf({ policies: ["hash"], servers: SERVERS }), 1);
    comparison.take({ rows, pace: null, first: 0, end: COUNT });
    const [{ result }] = comparison.finish();
    assert.is(result.outcome.completed, COUNT);
  }
});

test.run();
