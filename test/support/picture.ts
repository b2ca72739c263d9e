/** Screenshots held against small golden images. UPDATE_GOLDEN=1 takes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";
import * as assert from "uvu/assert";
import { projectPath } from "./project.ts";

/** A golden image is this many times smaller each way: layout and colours, not glyphs. */
const SHRINK = 8;
/** Share of its pixels that may differ: fonts and their hinting are the machine's. */
const TOLERANCE = 0.05;

/** Compares the whole page with `test/golden/pictures/NAME.png`. */
export async function looksLike(page: Page, name: string): Promise<void> {
  const shot = shrunk(
    PNG.sync.read(await page.screenshot({ fullPage: true, animations: "disabled" })),
  );
  const path = projectPath(`test/golden/pictures/${name}.png`);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, PNG.sync.write(shot, { colorType: 2 }));
    return;
  }
  if (!existsSync(path)) assert.unreachable(`${path} is missing; run with UPDATE_GOLDEN=1`);
  const golden = PNG.sync.read(readFileSync(path));
  assert.is(shot.width, golden.width, "width");
  const taller = Math.abs(shot.height - golden.height);
  assert.ok(taller <= 0.03 * golden.height, `height ${shot.height}, was ${golden.height}`);
  const height = Math.min(shot.height, golden.height);
  const pixels = (image: PNG) => image.data.subarray(0, 4 * image.width * height);
  const different = pixelmatch(pixels(shot), pixels(golden), undefined, shot.width, height, {
    threshold: 0.2,
  });
  const share = different / (shot.width * height);
  assert.ok(share <= TOLERANCE, `${(100 * share).toFixed(1)} % of the pixels of ${name} differ`);
}

/** Each pixel the mean of `SHRINK` × `SHRINK`. */
function shrunk(image: PNG): PNG {
  const small = new PNG({
    width: Math.floor(image.width / SHRINK),
    height: Math.floor(image.height / SHRINK),
  });
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let dy = 0; dy < SHRINK; dy++) {
          for (let dx = 0; dx < SHRINK; dx++) {
            sum += image.data[4 * ((SHRINK * y + dy) * image.width + SHRINK * x + dx) + channel];
          }
        }
        small.data[4 * (y * small.width + x) + channel] = Math.round(sum / SHRINK ** 2);
      }
    }
  }
  return small;
}
