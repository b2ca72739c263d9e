/** Lines made of kept parts are the lines that a report of its own would give. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPacket } from "../../../replay/check/check-batch.ts";
import type { Checker } from "../../../replay/check/checker.ts";
import { packetReport } from "../../../replay/check/packet-report.ts";
import { quickJson, quickText } from "../../../replay/check/quick-lines.ts";
import { packetText } from "../../../replay/check/text.ts";
import { PROFILE_NAMES } from "../../../replay/check/verdicts.ts";
import { TraceError } from "../../../traces/errors.ts";
import { openTrace } from "../../../traces/open.ts";
import { testChecker } from "../../support/checked.ts";
import { haveShared, sharedPath } from "../../support/project.ts";

const TEXT = { profiles: PROFILE_NAMES, verbose: false };

/** Compares both lines of the packet just checked; returns how many were made of kept parts. */
function compare(checker: Checker, view: DataView, number: number): number {
  const report = packetReport(checker, view, number);
  const json = quickJson(checker, view, number, undefined);
  if (json !== null) assert.is(json, `${JSON.stringify(report)}\n`);
  const text = quickText(checker, view, number, TEXT, undefined);
  const pieces = checker.judgements[0]?.pieces ?? [];
  if (text !== null && report) assert.is(text, packetText(report, [pieces.join("; ")], [], TEXT));
  return (json === null ? 0 : 1) + (text === null ? 0 : 1);
}

if (haveShared("captures/files", "quick lines beside whole reports")) {
  const names = [
    ...readdirSync(sharedPath("captures/files"))
      .filter((name) => /^(opt|rh|mip|v6ext)-/.test(name))
      .map((name) => `captures/files/${name}`),
    "kernel/linux-lsrr-http-client.pcap",
    "spec/fig1-vectors.pcap",
  ];

  test("every packet's quick line is its report's, the first time and every time after", async () => {
    let quick = 0;
    for (const name of names) {
      const checker = testChecker();
      for (let pass = 0; pass < 2; pass++) {
        try {
          for await (const batch of await openTrace([sharedPath(name)])) {
            for (let i = 0; i < batch.count; i++) {
              if (!checkPacket(checker, batch, i) || checker.subject < 0) continue;
              quick += compare(checker, batch.view, batch.firstNumber + i);
            }
          }
        } catch (error) {
          if (!(error instanceof TraceError)) throw error;
        }
      }
    }
    assert.ok(quick > 400, `${quick} quick lines`);
  });
}

test.run();
