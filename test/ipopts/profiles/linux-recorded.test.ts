/** Profile `linux` against what a live Linux 6.18 host did with 1,500 packets. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { linux } from "../../../ipopts/profiles/linux.ts";
import { worldFromJson } from "../../../ipopts/profiles/world-json.ts";
import { judged } from "../../support/judged.ts";
import { differs, type Outcome } from "../../support/kernel-outcome.ts";
import { hex } from "../../support/options.ts";
import { haveShared, sharedPath } from "../../support/project.ts";
import { LINUX_HOST } from "../../support/worlds.ts";

const FILE = "kernel/linux-6.18-options.jsonl";

if (haveShared(FILE, "profile linux against recorded packets")) {
  const lines = readFileSync(sharedPath(FILE), "utf8").trim().split("\n");
  const world = worldFromJson(LINUX_HOST);
  const later = worldFromJson({ ...LINUX_HOST, time: 0x7fffffff });

  test("profile linux does what the recorded kernel did with every packet", () => {
    const wrong: string[] = [];
    for (const line of lines) {
      const { id, packet, options, result } = JSON.parse(line) as {
        id: number;
        packet: string;
        options: string;
        result: Outcome[];
      };
      const bytes = hex(packet);
      const difference = differs(judged(linux, world, bytes), judged(linux, later, bytes), result);
      if (difference) wrong.push(`${id} ${options}: ${difference}`);
    }
    assert.equal(wrong, []);
    assert.is(lines.length, 1500);
  });
}

test.run();
