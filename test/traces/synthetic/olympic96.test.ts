import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConnectionColumns } from "../../../traces/connection.ts";
import { distinctClients } from "../../../traces/synthetic/clients.ts";
import { FitReport } from "../../../traces/synthetic/fit.ts";
import { hourlyLoad } from "../../../traces/synthetic/load-curve.ts";
import { olympic96 } from "../../../traces/synthetic/olympic96.ts";
import * as facts from "../../../traces/synthetic/olympic96-facts.ts";
import { haveShared, sharedPath } from "../../support/project.ts";

/** Twenty minutes at the published load of a busy morning: what the paper replayed. */
const segment = olympic96.create({ seconds: 1200, seed: 1 });
const rows = new ConnectionColumns(segment.connections);
const made = {
  response: new Float64Array(segment.connections),
  retransmitted: new Uint16Array(segment.connections),
};
segment.fill(rows, made);

test("the facts are those that were read off the publications", () => {
  if (!haveShared("workload/olympic96.json", "the facts against their source")) return;
  const published = JSON.parse(readFileSync(sharedPath("workload/olympic96.json"), "utf8"));
  const { request, response, throughput } = published.cdf_digitised;
  assert.equal(facts.REQUEST_BYTES.slice(1, -1), request);
  assert.equal(facts.RESPONSE_BYTES.slice(1, -1), response);
  assert.equal(facts.THROUGHPUT_KBPS.slice(1, -1), throughput);
  const hours = published["hourly_mbps_from_1996-07-30T00:15EDT"];
  assert.equal(
    facts.HOURLY_LOAD,
    hours.map(([, mbps]: [number, number | null]) => mbps),
  );
  assert.is(facts.TRACE_CLIENTS, published.trace_table1.distinct_clients);
  const { packets, retransmissions, coarse_timeout } = published.infocom_table3_3h;
  assert.is(facts.RETRANSMITTED_SHARE, retransmissions / packets);
  assert.is(facts.COARSE_SHARE, coarse_timeout / retransmissions);
});

test("the hourly load averages what was published over the whole trace", () => {
  const load = hourlyLoad();
  assert.is(load.length, 607);
  const mean = load.reduce((sum, mbps) => sum + mbps, 0) / load.length;
  assert.ok(Math.abs(mean - facts.MEAN_LOAD) < 1e-9);
});

test("clients grow through both published points", () => {
  assert.is(distinctClients(facts.TRACE_CONNECTIONS), facts.TRACE_CLIENTS);
  const three = distinctClients(facts.THREE_HOURS.connections);
  assert.ok(Math.abs(three - facts.THREE_HOURS.hosts) <= 1, `${three}`);
});

test("sizes have the published mean and deviation, and follow the curves to half a percent", () => {
  const sizes = made.response;
  const mean = sizes.reduce((sum, n) => sum + n, 0) / rows.count;
  const variance = sizes.reduce((sum, n) => sum + (n - mean) ** 2, 0) / rows.count;
  assert.ok(Math.abs(mean / 5543 - 1) < 0.02, `mean ${mean}`);
  assert.ok(Math.abs(Math.sqrt(variance) / 6203 - 1) < 0.03, `deviation ${Math.sqrt(variance)}`);
  const report = new FitReport();
  report.add(rows, made);
  const [request, response, throughput] = report.result();
  assert.ok(request.distance < 0.005, `request ${request.distance}`);
  assert.ok(response.distance < 0.005, `response ${response.distance}`);
  assert.ok(throughput.distance < 0.03, `throughput ${throughput.distance}`);
});

test("as many segments are sent again as were published", () => {
  const again = made.retransmitted.reduce((sum, n) => sum + n, 0);
  const segments = made.response.reduce((sum, bytes) => sum + Math.ceil(bytes / 1460), 0);
  const share = again / (segments + again);
  assert.ok(Math.abs(share - facts.RETRANSMITTED_SHARE) < 0.002, `${share}`);
});

test("five servers have the active connections that the paper's bands imply: 90 to 220 each", () => {
  const seconds = rows.duration.subarray(0, rows.count).reduce((sum, ns) => sum + ns / 1e9, 0);
  const active = seconds / 1200 / 5;
  assert.ok(active > 90 && active < 220, `${active}`);
});

test.run();
