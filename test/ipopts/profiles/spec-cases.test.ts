/** The specification's numbered cases that a verdict decides: 1 to 43, 55 and 58. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PROFILES } from "../../../ipopts/profiles/profiles.ts";
import { ipPacket, judged, verdictLine } from "../../support/judged.ts";
import { projectPath } from "../../support/project.ts";
import { worldW } from "../../support/worlds.ts";

interface SpecCase {
  readonly title: string;
  readonly packet: Uint8Array;
  readonly world: Record<string, unknown>;
  /** Verdict lines by profile. */
  readonly says: ReadonlyMap<string, string>;
}

/** One block of spec-cases.txt. */
function parseCase(block: string): SpecCase {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name = "", value = ""] = /^(\w+):? ?(.*)$/.exec(line) ?? [];
    fields.set(name, value);
  }
  const [destination = "", options = ""] = (fields.get("to") ?? "").split(" ");
  const number = (name: string): Record<string, number> => {
    const value = fields.get(name);
    return value === undefined ? {} : { [name]: Number(value) };
  };
  const text = (name: string): Record<string, string> => {
    const value = fields.get(name);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    title: fields.get("case") ?? "",
    packet: ipPacket({
      destination,
      options,
      ...number("ttl"),
      ...number("protocol"),
      ...number("fragment"),
      ...text("source"),
      ...text("payload"),
    }),
    world: JSON.parse(fields.get("world") ?? "{}") as Record<string, unknown>,
    says: fields,
  };
}

const blocks = readFileSync(projectPath("test/ipopts/profiles/spec-cases.txt"), "utf8")
  .trim()
  .split("\n\n")
  .filter((block) => block.startsWith("case "));

for (const { title, packet, world, says } of blocks.map(parseCase)) {
  for (const profile of PROFILES) {
    const line = says.get(profile.name) ?? says.get("all");
    if (line === undefined) continue;
    test(`${title}, ${profile.name}`, () => {
      assert.is(verdictLine(judged(profile, worldW(world), packet)), line);
    });
  }
}

test("every case from 1 to 35 is there", () => {
  const numbers = new Set(blocks.map((block) => Number.parseInt(block.slice(5), 10)));
  const missing = Array.from({ length: 35 }, (_, i) => i + 1).filter((n) => !numbers.has(n));
  assert.equal(missing, []);
});

test.run();
