import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

export const CHROMIUM = process.env['DPCBENCH_CHROMIUM'] ?? '/usr/bin/chromium';
const REQUIRED = (process.env['DPCBENCH_REQUIRE_BROWSER'] ?? '') !== '';

/** Skip? Never where DPCBENCH_REQUIRE_BROWSER is set: there a missing browser is a failure. */
export const SKIP_BROWSER = !REQUIRED && !existsSync(CHROMIUM);
if (SKIP_BROWSER) {
  console.warn(`Browser tests skipped: no Chromium at ${CHROMIUM}. Install it, or name another `
    + 'with DPCBENCH_CHROMIUM. DPCBENCH_REQUIRE_BROWSER=1 makes this a failure.');
}

const ARGUMENTS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** A browser of its own, with a fresh profile, and a folder for the reports that it opens. */
export interface ReportBrowser {
  /** Opens a report from disk, as a reader would. */
  open(html: string, view?: { width?: number; dark?: boolean }): Promise<OpenedReport>;
  close(): Promise<void>;
}

export interface OpenedReport {
  page: Page;
  /** Errors and warnings of the console, and uncaught exceptions. */
  complaints: string[];
  /** Every address that the page asked for. */
  requests: string[];
}

export async function startBrowser(): Promise<ReportBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-report-'));
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: CHROMIUM, args: ARGUMENTS, viewport: null,
  });
  let opened = 0;
  return {
    async open(html, { width = 1280, dark = false } = {}) {
      const file = join(folder, `report-${++opened}.html`);
      writeFileSync(file, html);
      const page = await context.newPage();
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      return { page, complaints, requests };
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
