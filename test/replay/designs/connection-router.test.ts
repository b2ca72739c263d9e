/** The table of a stateful front end: what it holds, for how long, and what a restart costs. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  ConnectionTable,
  ENTRY_LIFE,
} from "../../../replay/designs/connection-router/connection-router.ts";
import { PacketFields } from "../../../replay/network/packet-fields.ts";
import { TH_ACK, TH_FIN, TH_RST, TH_SYN } from "../../../stack/wire/tcp.ts";
import { compare, scenarioOf } from "../../support/emulation.ts";
import { projectPath } from "../../support/project.ts";

const SAMPLE = projectPath("samples/web.pcap.gz");

function packet(port: number, flags: number, protocol = 6): PacketFields {
  const ends = { source: 0xac140001, sourcePort: port, destination: 0xc0000201 };
  return Object.assign(new PacketFields(), { ...ends, destinationPort: 80, protocol, flags });
}

const LIVES: readonly [name: string, flags: readonly number[], life: number, protocol?: number][] =
  [
    ["a SYN", [TH_SYN], ENTRY_LIFE.syn],
    ["an established connection", [TH_SYN, TH_ACK], ENTRY_LIFE.established],
    ["a FIN", [TH_SYN, TH_ACK, TH_FIN | TH_ACK], ENTRY_LIFE.fin],
    ["the last ACK after a FIN", [TH_SYN, TH_FIN | TH_ACK, TH_ACK], ENTRY_LIFE.fin],
    ["a reset", [TH_SYN, TH_ACK, TH_RST], ENTRY_LIFE.reset],
    ["a datagram", [0], ENTRY_LIFE.udp, 17],
  ];

for (const [name, flags, life, protocol] of LIVES) {
  test(`an entry outlives ${name} by ${life / 1e9} s`, () => {
    const table = new ConnectionTable();
    const said = flags.map((bits) => packet(1, bits, protocol));
    table.bind(said[0], 3, 0);
    for (const each of said.slice(1)) assert.is(table.find(each, 0), 3);
    const error = Object.assign(packet(1, 0, protocol), { isError: true });
    assert.is(table.find(error, life - 1), 3, "an error finds the entry and does not prolong it");
    assert.is(table.find(error, life), -1);
  });
}

test("a SYN sent again goes where the first went; one after the end is dispatched anew", () => {
  const table = new ConnectionTable();
  table.bind(packet(1, TH_SYN), 2, 0);
  assert.is(table.find(packet(1, TH_SYN), 1), 2);
  assert.is(table.find(packet(1, TH_FIN | TH_ACK), 2), 2);
  assert.is(table.find(packet(1, TH_SYN), 3), -1);
});

test("a full table gives up an old entry for each new one, and says how often", () => {
  const table = new ConnectionTable(100);
  for (let port = 1; port <= 150; port++) table.bind(packet(port, TH_SYN), 0, 0);
  const { entries, peakEntries, evicted } = table.figures();
  assert.equal([entries, peakEntries, evicted], [150, 100, 50]);
});

test("an error about no known flow is dispatched and not remembered", () => {
  const table = new ConnectionTable();
  table.bind(Object.assign(packet(1, 0), { isError: true }), 1, 0);
  assert.is(table.figures().entries, 0);
});

test("when a router restarts its open connections are lost, except where the policy finds them again", async () => {
  const events = [{ at: { ns: 120e9 }, do: "restart-router" as const, router: 0 }];
  const designs = ["connection-router", "pinned-receive"];
  const policies = ["round-robin", "hash"];
  const rows = await compare(SAMPLE, scenarioOf({ designs, policies, events }));
  for (const { design, policy, result } of rows) {
    const { completed, connections, reset } = result.outcome;
    if (design === "connection-router" && policy === "round-robin") {
      assert.ok(reset > 10 && reset < connections / 10, `${reset} of ${connections} lost`);
    } else {
      assert.is(completed, connections, `${design}, ${policy}`);
    }
    if (design !== "connection-router") continue;
    const [figures] = result.tables;
    assert.is(figures.restarts, 1);
    assert.ok(figures.entries >= connections, "one entry or more for each connection");
    assert.ok(figures.peakEntries > 100 && figures.peakEntries < connections);
    assert.ok(figures.peakBytes >= 26 * figures.peakEntries);
  }
});

test("when the route moves to another router, that one's table knows none of the open connections", async () => {
  const events = [{ at: { ns: 120e9 }, do: "route-change" as const }];
  const designs = ["plain", "connection-router"];
  const rows = await compare(
    SAMPLE,
    scenarioOf({ designs, policies: ["round-robin", "hash"], events }),
  );
  const lost = (design: string, policy: string) => {
    const row = rows.find((each) => each.design === design && each.policy === policy);
    assert.ok(row);
    return row.result.outcome.connections - row.result.outcome.completed;
  };
  // Those open at that moment, and of them, with a hash, the share that the new key sends elsewhere.
  const [inTurn, hashed] = ["round-robin", "hash"].map((policy) =>
    lost("connection-router", policy),
  );
  assert.ok(inTurn > 10 && inTurn < 100, `${inTurn} lost`);
  assert.is(hashed, lost("plain", "hash"));
  assert.is(
    rows.find(({ design }) => design === "connection-router")?.result.tables[0].restarts,
    0,
  );
});

test.run();
