/** What the connections of a trace come to, service by service. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlowSummary } from "../../replay/flow-summary.ts";
import { ConnectionColumns } from "../../traces/connection.ts";

const MAPPED = [0, 0, 0xffff] as const;
const TCP = 6;
const UDP = 17;

/** Services that differ in as little as they can, in both families. */
const SERVICES: readonly { name: string; words: number[]; port: number; protocol: number }[] = [
  { name: "255.255.255.255:65535/tcp", words: [...MAPPED, 0xffffffff], port: 65535, protocol: TCP },
  { name: "255.255.255.255:65535/udp", words: [...MAPPED, 0xffffffff], port: 65535, protocol: UDP },
  { name: "255.255.255.255:65534/udp", words: [...MAPPED, 0xffffffff], port: 65534, protocol: UDP },
  { name: "0.0.0.1:0/tcp", words: [...MAPPED, 1], port: 0, protocol: TCP },
  { name: "0.0.0.0:65535/tcp", words: [...MAPPED, 0], port: 65535, protocol: TCP },
  { name: "[::1]:0/tcp", words: [0, 0, 0, 1], port: 0, protocol: TCP },
  { name: "[::1]:0/udp", words: [0, 0, 0, 1], port: 0, protocol: UDP },
  { name: "[2001:db8::ffff:0:1]:0/tcp", words: [0x20010db8, 0, 0xffff, 1], port: 0, protocol: TCP },
];

test("services are told apart by address, port and protocol, in both families", () => {
  const summary = new FlowSummary();
  // Service n has n + 1 connections, which come one from each in turn.
  for (let round = 0; round < SERVICES.length; round++) {
    const rows = new ConnectionColumns(SERVICES.length);
    for (const { words, port, protocol } of SERVICES.slice(round)) {
      const row = rows.count++;
      rows.server.set(words, 4 * row);
      rows.serverPort[row] = port;
      rows.protocol[row] = protocol;
      rows.clientBytes[row] = 1;
      rows.serverBytes[row] = 10;
    }
    summary.add(rows);
  }
  const { services, tcp, udp, unlisted } = summary.facts();
  const expected = SERVICES.map(({ name }, n) => ({
    name,
    connections: n + 1,
    bytes: 11 * (n + 1),
  }));
  assert.equal(services, expected.reverse());
  assert.is(tcp.connections + udp.connections, (SERVICES.length * (SERVICES.length + 1)) / 2);
  assert.is(unlisted, 0);
});

test("services beyond the ten with most connections are summed up", () => {
  const summary = new FlowSummary();
  const rows = new ConnectionColumns(30);
  for (; rows.count < 30; rows.count++) {
    rows.server.set([...MAPPED, 7], 4 * rows.count);
    rows.serverPort[rows.count] = rows.count % 12;
    rows.protocol[rows.count] = TCP;
  }
  summary.add(rows);
  const { services, unlisted } = summary.facts();
  assert.is(services.length, 10);
  assert.is(unlisted, 30 - services.reduce((sum, { connections }) => sum + connections, 0));
  assert.is(unlisted, 4);
});

test.run();
