import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContext, ConsoleMessage, Dialog, Page, Request } from 'playwright-core';
import { inject } from 'vitest';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What Playwright asks for by an argument that this one takes the place of, and, for half of the
  // time of a start, the pages of an address bar that nobody sees.
  `--disable-features=${[
    'AvoidUnnecessaryBeforeUnloadCheckSync',
    'DestroyProfileOnBrowserClose',
    'HttpsUpgrades',
    'HttpsFirstBalancedModeAutoEnable',
    'LensOverlay',
    'MediaRouter',
    'PaintHolding',
    'ThirdPartyStoragePartitioning',
    'OptimizationHints',
    'PreconnectToSearch',
    'WebUIOmniboxPopup',
    'WebUIOmniboxAimPopup',
    'WebUIOmniboxFullPopup',
  ].join()}`,
];

/** A browser of its own, with a fresh profile, and a folder for the reports that it opens. */
export interface ReportBrowser {
  /** Opens a report from disk, as a reader would. */
  open(html: string, view?: View): Promise<OpenedReport>;
  close(): Promise<void>;
}

export interface View {
  width?: number;
  dark?: boolean;
  /** What the browser says is its user's language. */
  language?: string;
  scripts?: boolean;
}

export interface OpenedReport {
  page: Page;
  /** Errors and warnings of the console, and uncaught exceptions. */
  complaints: string[];
  /** Every address that the page asked for. */
  requests: string[];
}

/** @throws where there is no browser: a test that needs one fails, none is skipped. */
export async function startBrowser(): Promise<ReportBrowser> {
  const found = inject('browser');
  if ('problem' in found) throw new Error(found.problem);
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-report-'));
  const context: BrowserContext = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: found.path,
    env: { ...process.env, ...found.env },
    args: ARGUMENTS,
    viewport: null,
  });
  let opened = 0;
  // What a page was opened in and closed: a new one takes longer than many a test.
  const tabs: Page[] = context.pages();
  return {
    async open(html, { width = 1280, dark = false, language, scripts = true } = {}) {
      const file = join(folder, `report-${++opened}.html`);
      writeFileSync(file, html);
      const isPlain = language === undefined && scripts;
      const page = (isPlain ? tabs.pop() : undefined) ?? (await context.newPage());
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
      if (language !== undefined) await page.addInitScript(speak, language);
      if (!scripts) {
        const session = await context.newCDPSession(page);
        await session.send('Emulation.setScriptExecutionDisabled', { value: true });
      }
      const complaints: string[] = [];
      const requests: string[] = [];
      const onConsole = (message: ConsoleMessage): void => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      };
      const onError = (error: Error): void => void complaints.push(String(error));
      const onDialog = (dialog: Dialog): void => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      };
      const onRequest = (request: Request): void => void requests.push(request.url());
      page.on('console', onConsole).on('pageerror', onError);
      page.on('dialog', onDialog).on('request', onRequest);
      if (isPlain) {
        page.close = async () => {
          page.off('console', onConsole).off('pageerror', onError);
          page.off('dialog', onDialog).off('request', onRequest);
          await page.goto('about:blank');
          await page.emulateMedia({ media: null, colorScheme: null });
          tabs.push(page);
        };
      }
      await page.goto(pathToFileURL(file).href);
      return { page, complaints, requests };
    },
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs in the page, before its scripts. */
function speak(language: string): void {
  const get = (): string => language;
  Object.defineProperty(Navigator.prototype, 'language', { get, configurable: true });
}
