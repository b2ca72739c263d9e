/** `anypin generate`: what its command line refuses. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runHere } from "../../support/cli.ts";

const REFUSED: readonly (readonly [words: string, message: string])[] = [
  ["", "--out FILE.flows or --out FILE.pcap is required"],
  ["--out x.csv", 'expected a name that ends in .flows or .pcap; found "x.csv"'],
  ["--out x.flows --connections 0", "--connections: expected a whole number from 1"],
  ["--out x.flows --duration 0", "--duration: expected a number of seconds from 1"],
  ["--out x.flows --duration 1e9", "--duration: expected a number of seconds from 1 to 100000000"],
  ["--out x.flows more", 'takes no operand; found "more"'],
];

for (const [words, message] of REFUSED) {
  test(`refuses 'generate ${words}'`, async () => {
    const { status, err } = await runHere(["generate", ...words.split(" ").filter(Boolean)]);
    assert.is(status, 2);
    assert.match(err, message);
  });
}

test.run();
