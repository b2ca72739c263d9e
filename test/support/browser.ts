/** Headless Chromium, Debian's, for tests of pages. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const EXECUTABLE = "/usr/bin/chromium";

/** Says so, once, when there is no browser to test with. */
export function haveBrowser(): boolean {
  const there = existsSync(EXECUTABLE);
  if (!there)
    console.log(`SKIPPED pages in a browser: no ${EXECUTABLE} (apt-get install chromium)`);
  return there;
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--font-render-hinting=none",
    ],
  });

/** A page that was opened from disk, and everything it should not have done. */
export interface Opened {
  page: Page;
  /** Requests but the first, console errors and warnings, exceptions. */
  complaints: string[];
  /** Milliseconds until the page said that it is ready. */
  readyMs: number;
}

export async function openFile(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1100, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const url = `file://${path}`;
  page.on("request", (request) => {
    const asked = request.url();
    if (asked !== url && !/^(blob|data):/.test(asked)) complaints.push(`request ${asked}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  const began = performance.now();
  await page.goto(url);
  if (options.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready=yes]");
  return { page, complaints, readyMs: performance.now() - began };
}
