import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytes, duration, mean, percent, whole } from "../../../replay/report/numbers.ts";

const TEXTS: [string, string][] = [
  [percent(0), "0 %"],
  [percent(0.0004), "0.04 %"],
  [percent(0.1234), "12.3 %"],
  [percent(0.9995), "100 %"],
  [percent(2.5), "250 %"],
  [percent(1000), "100,000 %"],
  [whole(999), "999"],
  [whole(12345678), "12,345,678"],
  [mean(0), "0"],
  [mean(0.2516), "0.25"],
  [mean(9148.4), "9,148"],
  [bytes(999), "999 B"],
  [bytes(12_340_000), "12.3 MB"],
  [duration(0.0123), "12.3 ms"],
  [duration(187), "3 min 07 s"],
  [duration(26 * 86400 + 4 * 3600), "26 d 4 h"],
];

for (const [text, expected] of TEXTS) {
  test(`a person reads ${expected}`, () => {
    assert.is(text, expected);
  });
}

test.run();
