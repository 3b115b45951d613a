import type { TestProject } from 'vitest/node';
import { findBrowser } from './find-browser.js';
import { installBrowser, type Browser } from './install-browser.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What the tests of pages start, or why there is nothing to start. */
    browser: Browser | { problem: string };
  }
}

/** Once before all tests: looks for a browser, and installs one where the system has none. */
export default async function provideBrowser({ provide }: TestProject): Promise<void> {
  provide('browser', await browserFor(process.env['DPCBENCH_CHROMIUM'] ?? ''));
}

/**
 * @param wanted the path of a browser, `npm` for the one from there, or `` for whatever is found
 * @returns a reason instead of an exception, so that only tests that need a browser fail
 */
async function browserFor(wanted: string): Promise<Browser | { problem: string }> {
  if (wanted !== '' && wanted !== 'npm') return { path: wanted, env: {} };
  try {
    const system = { platform: process.platform, env: process.env };
    const found = wanted === 'npm' ? null : await findBrowser(system);
    return found === null ? await installBrowser() : { path: found, env: {} };
  } catch (error) {
    return {
      problem:
        'There is no Chromium, Chrome or Edge where systems have one, and none could be ' +
        'installed from npm. Install one, or name it with DPCBENCH_CHROMIUM.\n' +
        (error instanceof Error ? error.message : String(error)),
    };
  }
}
