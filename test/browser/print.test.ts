/** The report page on paper: what scrolls on a screen is all there. */
import { writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { replayPage } from "../../replay/report/html/page.ts";
import { haveBrowser, launch, openFile } from "../support/browser.ts";
import { PROVENANCE, sampleResult } from "../support/report.ts";
import { temporary } from "../support/temporary.ts";

/** Between the margins of a sheet of A4. */
const PAPER = { width: 718, height: 1000 };

if (haveBrowser()) {
  test("printed, no table or diagram goes beyond the sheet", async () => {
    const files = temporary();
    const path = files.path("report.html");
    const result = await sampleResult("--scenario", "figure2-multihomed", "--explain", "1");
    writeFileSync(path, replayPage([{ name: "sample", result }], PROVENANCE));
    const browser = await launch();
    const { page } = await openFile(browser, path, { viewport: PAPER });
    await page.emulateMedia({ media: "print" });
    const wide = await page.evaluate<[string, number][]>(
      "[...document.querySelectorAll('.scroll')].map((e) => [e.ariaLabel, e.scrollWidth])",
    );
    await browser.close();
    files.remove();
    assert.ok(wide.length >= 4, "survival, ladder, imbalance, files");
    for (const [name, width] of wide) assert.ok(width <= PAPER.width, `${name}: ${width} pixels`);
  });

  test.run();
}
