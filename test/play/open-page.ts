import type { Page } from 'playwright-core';
import { playPage } from '../../src/disk/load-play.js';
import { sha256 } from '../../src/disk/load-page.js';
import type { PlayState } from '../../src/play/play-state.js';
import type { ResultDocument } from '../../src/result/document.js';
import { bundlePlay } from '../../reports/play/build-play.mjs';
import { startBrowser } from '../browser/start-browser.js';
import type { OpenedReport, ReportBrowser, View } from '../browser/start-browser.js';

export const MINE = `
# Kept in the link.
machine: { processors: 2 }
sources:
  - name: nic
    irql: 5
    processor: 0
    isr: 1us
    arrivals: { poisson: 20000/s }
    dpc: { importance: high, target: 1, service: 4us }
until: { interrupts: 30000 }
`;
export const SMALL = { file: 'mine.yaml', text: MINE };

export const START: PlayState = {
  scenario: SMALL,
  policies: ['pre-vista', 'vista'],
  seed: 3,
  interrupts: 20_000,
  speedNs: null,
  view: null,
};

/** A browser, and the live page's code. */
export interface PlayBrowser {
  browser: ReportBrowser;
  assets: Awaited<ReturnType<typeof bundlePlay>> & { sha256: typeof sha256 };
  /** A page that starts with this state, as a reader would open it. */
  open(changes?: Partial<PlayState>, view?: View): Promise<OpenedReport>;
}

export async function startPlayBrowser(): Promise<PlayBrowser> {
  const [browser, bundle] = await Promise.all([startBrowser(), bundlePlay()]);
  const assets = { ...bundle, sha256 };
  const open = (changes: Partial<PlayState> = {}, view?: View): Promise<OpenedReport> =>
    browser.open(playPage({ ...START, ...changes }, assets), view);
  return { browser, assets, open };
}

export const untilOver = (page: Page): Promise<void> =>
  page.getByText('To the last digit').waitFor();
export const answer = (page: Page): Promise<string> => page.locator('.sentence').innerText();
export const tiles = (page: Page): Promise<string> => page.locator('.tiles').innerText();
export const status = (page: Page): Promise<string> => page.locator('.status').innerText();

/** The result as the page hands it out. */
export async function savedResult(page: Page): Promise<ResultDocument> {
  return JSON.parse(await saved(page, 'Save result')) as ResultDocument;
}

export async function saved(page: Page, button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const stream = await (await download).createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** Another text into the editor, which is open: pasted over the one that is there. */
export async function paste(page: Page, text: string): Promise<void> {
  const editor = page.locator('.cm-content');
  await editor.press('Control+a');
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    const options = { clipboardData, bubbles: true, cancelable: true };
    element.dispatchEvent(new ClipboardEvent('paste', options));
  }, text);
}

/** Runs in the page: null where nothing has the focus. */
export function placeOfFocus(): string | null {
  const focused = document.activeElement!;
  if (focused === document.body) return null;
  const { bottom } = focused.getBoundingClientRect();
  const pace = document.querySelector('.pace')!;
  const isCovered = !pace.contains(focused) && bottom > pace.getBoundingClientRect().top;
  const hasRing = getComputedStyle(focused).outlineStyle !== 'none';
  return isCovered || !hasRing ? `not seen: ${focused.outerHTML.slice(0, 200)}` : 'seen';
}
