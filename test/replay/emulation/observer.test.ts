/** What is seen at the servers' doors, held against who holds the connection. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Connection } from "../../../replay/emulation/connection.ts";
import { FlowTable } from "../../../replay/emulation/flow-table.ts";
import { Observer } from "../../../replay/emulation/observer.ts";
import { OutcomeCounter } from "../../../replay/emulation/outcome.ts";
import { MbufPool } from "../../../stack/mbuf.ts";
import { icmpError, ip, ipPacket } from "../../support/ip-packet.ts";
import { segmentPacket } from "../../support/tcp-segment.ts";

const CLIENT = "10.0.0.1";
const SERVICE = "203.0.113.9";

/** A connection from the client, and the door that its packets come to. */
function watched() {
  const flows = new FlowTable();
  const counter = new OutcomeCounter();
  const reached: number[] = [];
  const observer = new Observer(flows, counter, ({ firstServer }) => reached.push(firstServer));
  const connection = new Connection(() => {});
  connection.protocol = 6;
  connection.client = ip(CLIENT);
  connection.clientPort = 2000;
  connection.server = ip(SERVICE);
  connection.serverPort = 80;
  flows.add(connection);
  const pool = new MbufPool();
  const arrive = (server: number, packet: Uint8Array): void => {
    const m = pool.from(packet);
    if (!m) throw new Error("no buffer");
    observer.atServer(server, m, 0);
    m.free();
  };
  return { counter, connection, reached, arrive };
}

const ends = { from: CLIENT, to: SERVICE, sport: 2000, dport: 80, seq: 1 };
const SYN = segmentPacket({ ...ends, flags: "S" });
const DATA = segmentPacket({ ...ends, flags: "P.", data: "x" });
const ANSWER = segmentPacket({
  ...ends,
  from: SERVICE,
  to: CLIENT,
  sport: 80,
  dport: 2000,
  flags: ".",
});
/** A router on the way cannot pass the answer on, and tells whoever has the shared address. */
const ERROR = ipPacket({
  source: "10.0.0.254",
  destination: SERVICE,
  payload: icmpError(3, 4, 600, ANSWER),
});

test("the first server that a packet comes to holds the connection", () => {
  const { connection, reached, arrive } = watched();
  arrive(2, SYN);
  arrive(2, DATA);
  assert.equal([connection.firstServer, connection.holder, connection.violations], [2, 2, 0]);
  assert.equal(reached, [2]);
});

test("another server's packets are violations, a SYN sent again is a split", () => {
  const { counter, connection, arrive } = watched();
  arrive(2, SYN);
  arrive(1, SYN);
  arrive(1, DATA);
  arrive(0, DATA);
  assert.equal([counter.splitSyns, connection.splits], [1, 1]);
  assert.equal([counter.pccViolations, connection.violations], [2, 2]);
});

test("an ICMP error is misdelivered at any server but the holder, and no violation", () => {
  const { counter, connection, reached, arrive } = watched();
  arrive(2, SYN);
  arrive(2, ERROR);
  assert.is(counter.misdeliveredIcmp, 0);
  arrive(1, ERROR);
  arrive(0, ERROR);
  assert.is(counter.misdeliveredIcmp, 2);
  assert.equal([counter.pccViolations, connection.holder], [0, 2]);
  assert.equal(reached, [2]);
});

test("packets of nobody's are counted, and that is all", () => {
  const { counter, connection, arrive } = watched();
  arrive(1, segmentPacket({ ...ends, sport: 2001, flags: "S" }));
  arrive(1, ipPacket({ source: CLIENT, destination: SERVICE }));
  assert.equal([counter.packets, counter.pccViolations, connection.holder], [2, 0, -1]);
});

test.run();
