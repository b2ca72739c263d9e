/** The walk page in a real browser: stepping, switching, and every byte from the stacks. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { walk } from "../../replay/walk/walk.ts";
import { axeViolations } from "../support/axe.ts";
import { haveBrowser, launch, openFile } from "../support/browser.ts";
import { runHere } from "../support/cli.ts";
import { looksLike } from "../support/picture.ts";
import { temporary } from "../support/temporary.ts";

if (haveBrowser()) {
  const files = temporary();
  const path = files.path("walk.html");
  await runHere(["walk", "--report", path]);
  const browser = await launch();
  test.after(async () => {
    await browser.close();
    files.remove();
  });

  test("it opens from disk, asks for nothing and complains of nothing", async () => {
    const { page, complaints } = await openFile(browser, path);
    assert.equal(complaints, []);
    assert.ok(await page.getByRole("heading", { name: "1. SYN:" }).isVisible());
    assert.is(await page.locator(".step:visible").count(), 1);
    await page.context().close();
  });

  test("the arrow keys step through the packets and stop at both ends", async () => {
    const { page } = await openFile(browser, path);
    const step = () => page.locator(".step:visible h3").textContent();
    for (const label of ["SYN-ACK", "data", "reply", "reply"]) {
      await page.keyboard.press("ArrowRight");
      assert.match((await step()) ?? "", `${label}:`);
    }
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    assert.match((await step()) ?? "", "1. SYN:");
    await page.getByRole("button", { name: "3 data" }).click();
    assert.match((await step()) ?? "", "data:");
    await page.context().close();
  });

  test("the bytes of each packet and its pointer are those that the stacks exchanged", async () => {
    const { page } = await openFile(browser, path);
    const choices = [
      { pin: "transmit", topology: "single", twoPass: false, client: "engel" },
      { pin: "receive", topology: "multihomed", twoPass: false, client: "engel" },
      { pin: "receive", topology: "multihomed", twoPass: true, client: "engel" },
      { pin: "transmit", topology: "multihomed", twoPass: false, client: "stock" },
      { pin: "transmit", topology: "single", twoPass: false, client: "filtering" },
    ] as const;
    for (const choice of choices) {
      const [pin, topology, passes, client] = await page.locator("#walk-bar select").all();
      await topology.selectOption(choice.topology);
      await pin.selectOption(choice.pin);
      await passes.selectOption(String(choice.twoPass));
      await client.selectOption(choice.client);
      const { steps, verdict } = walk(choice);
      assert.is(await page.locator(".step").count(), steps.length);
      for (const [i, step] of steps.entries()) {
        const bytes = await page.locator(`#step-${i} .bytes code`).allTextContents();
        assert.is(bytes.join("").replaceAll(" ", ""), step.wire);
        const marks = await page.locator(`#step-${i} .marks td`).allTextContents();
        assert.is(marks.indexOf("▲"), step.route?.pointer ?? -1);
      }
      assert.is(await page.locator(".verdict").textContent(), verdict);
    }
    await page.context().close();
  });

  test("axe finds no serious violation, in light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await openFile(browser, path, { colorScheme });
      await page.keyboard.press("ArrowRight");
      assert.equal(await axeViolations(page), []);
      await page.context().close();
    }
  });

  test("without scripts all steps are there", async () => {
    const { page } = await openFile(browser, path, { javaScriptEnabled: false });
    assert.is(await page.locator(".step:visible").count(), 4);
    await page.context().close();
  });

  for (const [name, width, colorScheme] of [
    ["phone", 390, "dark"],
    ["phone", 390, "light"],
    ["desktop", 1100, "dark"],
    ["desktop", 1100, "light"],
  ] as const) {
    test(`it looks as it did, ${name}, ${colorScheme}`, async () => {
      const { page } = await openFile(browser, path, {
        colorScheme,
        viewport: { width, height: 900 },
      });
      await page.keyboard.press("ArrowRight");
      const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
      assert.ok(wide <= width, `${wide} pixels wide`);
      await looksLike(page, `walk-${name}-${colorScheme}`);
      await page.context().close();
    });
  }

  test.run();
}
