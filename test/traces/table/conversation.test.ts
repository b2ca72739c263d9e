/** What a TCP segment does to its connection: when it begins one, ends one, or is only counted. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLOSE, OPEN, outcome } from "../../support/conversation.ts";

const CASES: readonly (readonly [name: string, packets: string, expected: readonly string[]])[] = [
  ["a connection closes at the later FIN's acknowledgement", OPEN + CLOSE, ["fin 1.2 4/0 2/0"]],
  [
    "a retransmitted SYN opens no connection",
    `0 c S 100 0\n1 c S 100 0\n3 c S 100 0\n3.1 s SA 500 101`,
    ["open 3.1 3/0 1/0"],
  ],
  [
    "a SYN with a new number on an open 4-tuple opens one",
    `${OPEN}\n 5 c S 900 0`,
    ["idle 0.2 2/0 1/0", "open 0 1/0 0/0"],
  ],
  [
    "a SYN with a new number on a closed 4-tuple opens one",
    `${OPEN}${CLOSE}\n 1.3 c S 900 0\n 1.4 s SA 700 901`,
    ["fin 1.2 4/0 2/0", "open 0.1 1/0 1/0"],
  ],
  [
    "late packets count for the closed connection",
    `${OPEN}${CLOSE}\n 2 s FA 501 102\n 2.1 c A 102 502\n 9 s R 502 0`,
    ["fin 1.2 5/0 4/0"],
  ],
  [
    "a FIN's retransmission needs no second close",
    `${OPEN}\n 1 c FA 101 501\n 2 c FA 101 501\n 2.1 s FA 501 102\n 2.2 c A 102 502`,
    ["fin 2.2 5/0 2/0"],
  ],
  [
    "half closed is open: the other side goes on",
    `${OPEN}\n 1 c FA 101 501\n 1.1 s A 501 102 1000\n 2 s A 1501 102 1000\n 3 c A 102 2501`,
    ["open 3 4/0 3/2000"],
  ],
  [
    "a FIN is acknowledged behind its data",
    `${OPEN}\n 1 c FA 101 501 10\n 1.1 s FA 501 111 5\n 1.2 c A 112 507\n 1.3 s A 507 112`,
    ["fin 1.3 4/10 3/5"],
  ],
  [
    "numbers may wrap",
    `0 c S 4294967290 0\n 0.1 s SA 4294967294 4294967291\n 1 c FA 4294967291 4294967295 9\n 1.1 s FA 4294967295 5\n 1.2 c A 5 0`,
    ["fin 1.2 3/9 2/0"],
  ],
  ["a RST ends it", `${OPEN}\n 4 s R 501 0`, ["reset 4 2/0 2/0"]],
  ["a refused SYN is a connection, reset", "0 c S 100 0\n0.1 s RA 0 101", ["reset 0.1 1/0 1/0"]],
  [
    "a refused SYN tried again with its number is the same",
    "0 c S 100 0\n0.1 s RA 0 101\n0.5 c S 100 0\n0.6 s RA 0 101",
    ["reset 0.1 2/0 2/0"],
  ],
  [
    "a forged RST does not part a handshake",
    "0 c S 100 0\n0.1 s RA 0 101\n1 s SA 500 101\n1.1 c A 101 501",
    ["reset 0.1 2/0 2/0"],
  ],
  [
    "both ends open at once: who was first is the client",
    "0 c S 100 0\n0.1 s S 500 0\n0.2 c SA 100 501\n0.3 s SA 500 101",
    ["open 0.3 2/0 2/0"],
  ],
  [
    "a second server's SYN-ACK is of the same connection",
    "0 c S 100 0\n0.1 s SA 500 101\n0.2 s SA 900 101",
    ["open 0.2 1/0 2/0"],
  ],
  [
    "a SYN-ACK alone tells the server",
    "0 s SA 500 101\n0.1 c A 101 501",
    ["open 0.1 1/0 1/0 midstream"],
  ],
  [
    "a SYN that comes behind its answer is the opening",
    "0 s SA 500 101\n0.1 c S 100 0\n0.2 c A 101 501",
    ["open 0.2 2/0 1/0"],
  ],
  [
    "a SYN that comes behind the data is the opening",
    "0 c A 101 501 7\n0.1 c S 100 0",
    ["open 0.1 2/7 0/0"],
  ],
  ["data on a SYN is payload", "0 c S 100 0 30\n0.1 s SA 500 131", ["open 0.1 1/30 1/0"]],
  [
    "retransmissions count as traffic",
    `${OPEN}\n 1 c PA 101 501 10\n 2 c PA 101 501 10`,
    ["open 2 4/20 1/0"],
  ],
  [
    "an idle connection ends at its last packet",
    `${OPEN}\n 301 c A 101 501 1`,
    ["idle 0.2 2/0 1/0", "open 0 1/1 0/0 midstream"],
  ],
  [
    "silence within the time-out is no end",
    `${OPEN}\n 300.2 c A 101 501 1`,
    ["open 300.2 3/1 1/0"],
  ],
  [
    "midstream, the well-known port is the server's",
    "0 s A 500 101 9\n1 c A 101 509",
    ["open 1 1/0 1/9 midstream"],
  ],
  [
    "a SYN with a new number opens another, though nobody answered the first",
    "0 c S 100 0\n5 c S 900 0",
    ["idle 0 1/0 0/0", "open 0 1/0 0/0"],
  ],
  [
    "a SYN-ACK to another SYN than ours is of the same connection while that lives",
    "0 c S 100 0\n0.1 s SA 500 101\n0.2 s SA 900 777",
    ["open 0.2 1/0 2/0"],
  ],
  [
    "and behind its close tells of another, whose SYN was not captured",
    `${OPEN}${CLOSE}\n 1.5 s SA 900 777`,
    ["fin 1.2 4/0 2/0", "open 0 0/0 1/0 midstream"],
  ],
  ["a SYN is known again behind the close", `${OPEN}${CLOSE}\n 2 c S 100 0`, ["fin 1.2 5/0 2/0"]],
  [
    "a SYN is known again behind data and a FIN",
    `${OPEN}\n 1 c PA 101 501 10\n 1.1 s FA 501 111\n 2 c S 100 0`,
    ["open 2 4/10 2/0"],
  ],
  [
    "an answer tells which SYN it answers",
    "0 s SA 500 101\n1 c S 900 0",
    ["idle 0 0/0 1/0 midstream", "open 0 1/0 0/0"],
  ],
  [
    "a segment without flags tells no numbers",
    "0 c - 5000 0 7\n0.1 c S 100 0",
    ["open 0.1 2/7 0/0"],
  ],
  ["a SYN that resets begins nothing", `${OPEN}\n 5 c SR 900 0`, ["reset 5 3/0 1/0"]],
  [
    "a FIN on a SYN is acknowledged behind both",
    "0 c SF 100 0\n0.1 s SFA 500 101\n0.2 c A 102 502",
    ["open 0.2 2/0 1/0"],
  ],
  [
    "without its flag an acknowledgement is none",
    `${OPEN}\n 1 c FA 101 501\n 1.1 s FA 501 102\n 1.2 c P 102 502`,
    ["open 1.2 4/0 2/0"],
  ],
  [
    "packets out of order end nothing earlier",
    `${OPEN}\n 5 c A 101 501 1\n 3 s A 501 102 1`,
    ["open 5 3/1 2/1"],
  ],
  [
    "times may lie before the trace's origin",
    "-5 c S 100 0\n-4.5 s SA 500 101",
    ["open 0.5 1/0 1/0"],
  ],
];

for (const [name, text, expected] of CASES) {
  test(name, () => assert.equal(outcome(text), expected));
}

test("a late SYN tells the client, whatever the ports say", () => {
  const text = "0 c A 101 501 7\n0.1 c S 100 0";
  assert.equal(outcome(text, { ports: [22, 9000] }), ["open 0.1 2/7 0/0"]);
});

test.run();
