/** Damaged scripts: every one comes to a verdict, none to an exception or an endless run. */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectPath } from "../support/project.ts";
import { testRandom } from "../support/random.ts";
import { drill } from "./drill.ts";

const RUNS = Number(process.env.ANYPIN_RUNS ?? 3000);
const folder = projectPath("test/scripts");
const scripts = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".pkt"))
  .sort()
  .map((name) => readFileSync(`${folder}/${name}`, "utf8"));

/** Pieces of the language, to be put where they do not belong. */
const PIECES =
  '( ) [ ] { } < > = , | ! + * ~ ... 0 1 -1 4294967296 99999999999999999999 0x .5 S F. R. udp icmp mtu ack win TS val ecr nop sack 1:2 1:2(1) %{ }% ` " /* */ // #ifdef #else #endif --mtu=7 --tolerance_usecs=x --local_ip=q assert tcpi_rtt close(3) socket SO_LINGER [5] \n'.split(
    " ",
  );

test(`${RUNS} damaged scripts come to a verdict`, () => {
  const random = testRandom(7);
  const seen = { ok: 0, failed: 0, unsupported: 0 };
  for (let run = 0; run < RUNS; run++) {
    let text = random.pick(scripts);
    for (let damage = 1 + random.below(3); damage > 0; damage--) {
      const at = random.below(text.length);
      const cut = random.below(4) === 0 ? random.below(60) : random.below(3);
      const piece = random.below(3) === 0 ? "" : random.pick(PIECES);
      text = text.slice(0, at) + piece + text.slice(at + cut);
    }
    try {
      seen[drill(text).kind]++;
    } catch (error) {
      assert.unreachable(`run ${run}: ${error instanceof Error ? error.stack : error}\n${text}`);
    }
  }
  assert.ok(seen.ok > 0 && seen.failed > 0 && seen.unsupported > 0, JSON.stringify(seen));
});

test.run();
