import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { playPage } from '../../src/disk/load-play.js';
import { findBrowser } from '../browser/find-browser.js';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
/** A director and the machines of two policies. */
const WORKERS = 3;
const LOOK_EVERY_MS = 2_000;
/** Before the first look, by when all that stays is there. */
const SETTLE_MS = 5_000;
/** The last third may have so many times what the first one had, and so much more, in bytes. */
const MOST_GROWTH = 1.05;
const SLACK = 500_000;

/**
 * The live page in a browser: one run, then one that starts anew with every look. Answers 1 where
 * the memory of the page and its workers, after a collection, grew.
 */
export async function soakPage(minutes: number): Promise<number> {
  const path = process.env['DPCBENCH_CHROMIUM'] ?? (await findBrowser(process));
  if (path === null) throw new Error('There is no Chromium: name one with DPCBENCH_CHROMIUM.');
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-soak-'));
  const browser = await chromium.launch({ executablePath: path, args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const heaps = await heapsOf(page);
    await page.goto(writePage(folder));
    await page.getByText('so far:').waitFor();
    const parts: [string, () => Promise<void>][] = [
      ['one run', () => Promise.resolve()],
      ['a run that starts anew', () => changeSeed(page)],
    ];
    let hasGrown = false;
    for (const [name, act] of parts) {
      await page.waitForTimeout(SETTLE_MS);
      const looks = (minutes * 60_000) / LOOK_EVERY_MS;
      const seen: number[] = [];
      for (let i = 0; i < looks; i++) {
        await act();
        await page.waitForTimeout(LOOK_EVERY_MS);
        seen.push(await heaps());
      }
      hasGrown = report(name, seen) || hasGrown;
    }
    return hasGrown ? 1 : 0;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writePage(folder: string): string {
  const file = join(folder, 'play.html');
  const start = { scenario: { name: 'w8' }, seed: 1, interrupts: 10_000_000_000 };
  const policies: [string, string] = ['pre-vista', 'vista'];
  writeFileSync(file, playPage({ ...start, policies, speedNs: null, view: null }));
  return pathToFileURL(file).href;
}

async function changeSeed(page: Page): Promise<void> {
  const seed = page.getByLabel('Seed');
  await seed.fill(String(Number(await seed.inputValue()) + 1));
  await page.keyboard.press('Enter');
}

/** How many bytes page and workers hold after a collection, memories of kernels included. */
async function heapsOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  const workers: string[] = [];
  session.on('Target.attachedToTarget', ({ sessionId }) => workers.push(sessionId));
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  return async () => {
    if (workers.length !== WORKERS) throw new Error(`the page has ${workers.length} workers`);
    await session.send('HeapProfiler.collectGarbage');
    const own = await session.send('Runtime.getHeapUsage');
    const others = await Promise.all(workers.map((worker) => heapOf(session, worker)));
    return others.reduce((sum, bytes) => sum + bytes, held(own));
  };
}

interface Usage {
  usedSize: number;
  backingStorageSize?: number;
}

function held({ backingStorageSize = 0, usedSize }: Usage): number {
  return usedSize + backingStorageSize;
}

/** That of a worker, which is asked through its page. */
async function heapOf(session: CDPSession, sessionId: string): Promise<number> {
  const ask = (id: number, method: string): Promise<unknown> => {
    return new Promise((resolve) => {
      const hear = (event: { sessionId: string; message: string }): void => {
        const answer = JSON.parse(event.message) as { id?: number; result?: unknown };
        if (event.sessionId !== sessionId || answer.id !== id) return;
        session.off('Target.receivedMessageFromTarget', hear);
        resolve(answer.result);
      };
      session.on('Target.receivedMessageFromTarget', hear);
      const message = JSON.stringify({ id, method, params: {} });
      void session.send('Target.sendMessageToTarget', { sessionId, message });
    });
  };
  await ask(1, 'HeapProfiler.collectGarbage');
  return held((await ask(2, 'Runtime.getHeapUsage')) as Usage);
}

/** Says how the last third did beside the first one; true where it grew. */
function report(name: string, seen: readonly number[]): boolean {
  const third = Math.max(1, Math.floor(seen.length / 3));
  const mean = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0) / some.length;
  const [first, last] = [mean(seen.slice(0, third)), mean(seen.slice(-third))];
  const hasGrown = last > MOST_GROWTH * first + SLACK;
  const megabytes = [first, last].map((bytes) => (bytes / 1e6).toFixed(1));
  console.log(
    `${name}, ${seen.length} looks: ${megabytes[0]} MB in the first third, ` +
      `${megabytes[1]} MB in the last: memory ${hasGrown ? 'grew' : 'did not grow'}`,
  );
  return hasGrown;
}
