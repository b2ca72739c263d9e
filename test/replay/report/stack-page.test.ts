/** What only the stack engine puts on a page: survival, events, the ladder of a broken connection. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ladderSection } from "../../../replay/report/html/ladder.ts";
import { replayPage } from "../../../replay/report/html/page.ts";
import { verdictOf } from "../../../replay/report/html/verdicts.ts";
import { table } from "../../../replay/report/table.ts";
import type { ReplayResult } from "../../../replay/result.ts";
import { runHere } from "../../support/cli.ts";
import { figuresOf, PROVENANCE, SAMPLE, sampleResult } from "../../support/report.ts";
import { temporary } from "../../support/temporary.ts";

const result = await sampleResult();
/** The flow engine's page of the same capture, without any of it. */
const page = replayPage([{ name: "sample", result }], PROVENANCE);

test("from the stack engine come the survival table and the events", async () => {
  const [policy, ...rest] = result.policies;
  const outcome = {
    design: "pinned-transmit",
    client: "stock",
    connections: 10,
    completed: 7,
    reset: 1,
    timedOut: 2,
    neverOpened: 0,
    untouched: 7,
    pccViolations: 12,
    violated: 3,
    splitSyns: 1,
    misdeliveredIcmp: 0,
    optionBytes: 80,
    slowPathPackets: 0,
    packets: 100,
    pinDelay: { connections: 0, meanSeconds: 0, maxSeconds: 0 },
    broken: { "reset by peer": 1 },
    notRun: 0,
    standIns: 3,
    links: { sent: 0, delivered: 0, duplicated: 0, lost: {} },
    tables: [{ peakEntries: 1234, restarts: 1 }],
  };
  const stack: ReplayResult = {
    ...result,
    policies: [{ ...policy, outcome, outcomes: [outcome] }, ...rest],
    experiment: { ...result.experiment, engine: "stack", scenario: "mine" },
    events: [{ seconds: 60, what: "fail server 2" }],
  };
  const text = replayPage([{ name: "sample", result: stack }], PROVENANCE);
  assert.match(text, "pinned-transmit");
  assert.match(text, "1 × reset by peer");
  assert.match(text, "3 of 10 connections break");
  assert.match(text, "<dt>designs</dt><dd>pinned-transmit</dd>");
  assert.match(text, "<dt>clients</dt><dd>stock</dd>");
  assert.match(text, "<dt>scenario</dt><dd>mine: fail server 2 after 1 min 00 s</dd>");
  assert.match(
    text,
    '<th scope="row">pinned-transmit, round-robin, stock</th><td>1,234</td><td>1</td>',
  );
  assert.match(await table(stack), /stock +1,234 +1\n/);
  assert.match(text, "3 connections ran from an IPv4 address of 100.64/10");
  assert.match(text, "This is what became of the connections as real TCP and UDP");
  const load = figuresOf(text).find(({ id }) => id === "load");
  assert.equal(load?.modes[0].markers, [{ at: 60, label: "fail server 2" }]);
  assert.match(text, ">fail server 2</text>");
  assert.not.match(page, 'id="survival"');
});

test("clients that fare alike under a design share a clause of the verdict", async () => {
  const [policy] = (await sampleResult("--scenario", "mixed-clients", "--policy", "hash")).policies;
  const verdict = verdictOf(policy, result);
  assert.match(verdict, "; plain with all clients: every connection completes; ");
  const alike = "engel or stock or engel:0.2,stock:0.8 clients: every connection completes";
  assert.match(verdict, `pinned-receive with ${alike}; `);
  assert.match(verdict, "pinned-receive with filtering clients: no connection completes; ");
});

test("with one server a verdict still says what became of the connections", async () => {
  const one = await sampleResult("--engine", "stack", "--servers", "1", "--policy", "hash");
  const said = verdictOf(one.policies[0], one);
  assert.is(
    said,
    "one server has everything, whatever the policy; plain with engel clients: every connection completes.",
  );
});

test("a broken connection becomes a ladder, its options decoded", async () => {
  const files = temporary();
  const report = files.path("stack.html");
  const words = ["replay", SAMPLE, "--engine", "stack", "--policy", "rr", "--quiet"];
  const ran = await runHere([
    ...words,
    "--pin",
    "transmit",
    "--client",
    "stock",
    "--report",
    report,
  ]);
  assert.is(ran.status, 0, ran.err);
  const text = files.read("stack.html");
  files.remove();
  const ladder = text.slice(text.indexOf('id="ladder"')).split("</section>")[0];
  assert.match(ladder, "A connection that broke");
  assert.match(ladder, ">client</text>");
  assert.match(ladder, />server \d<\/text>/);
  assert.match(ladder, /\[S\.\], seq 0, ack 1, length 0 \{[^}]*198\.18\./);
  assert.match(text, "pinned-transmit");
  assert.not.match(ran.out, "198.51.100.1:22009");
  assert.not.match(page, 'id="ladder"');
});

test("in a ladder the lost packet is the one sent first, not its retransmission", () => {
  const packet = (time: number, place: string, sent: boolean) => ({
    time,
    place,
    sent,
    source: "192.0.2.1",
    destination: "203.0.113.9",
    transport: "1 > 80 [F.], seq 1, ack 1, length 0",
    options: "",
  });
  const explained = {
    design: "plain",
    policy: "hash",
    clients: "engel",
    client: "192.0.2.1:1",
    server: "203.0.113.9:80",
    end: "reset" as const,
    how: "ECONNRESET",
    holder: 2,
    packets: [packet(1, "client", true), packet(2, "client", true), packet(2.1, "server 3", false)],
    more: 0,
  };
  const text = ladderSection([{ name: "sample", result: { ...result, explained } }]);
  const [, first, second] = text.split(/>(?:1|2)\.0000 s</);
  assert.match(first, ">×</text>");
  assert.not.match(second, ">×</text>");
  assert.match(second, "stroke-dasharray");
});

test.run();
