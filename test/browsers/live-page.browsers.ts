import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundlePlay } from '../../reports/play/build-play.mjs';
import { sha256 } from '../../src/disk/load-page.js';
import { playPage, shippedTours } from '../../src/disk/load-play.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import type { PlayState } from '../../src/play/play-state.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import type { ResultDocument } from '../../src/result/document.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { startFirefox } from './firefox.js';
import { KEYS, OtherBrowser } from './other-browser.js';
import { startWebKit } from './webkit.js';

const START: PlayState = {
  scenario: { name: 'default' },
  policies: ['pre-vista', 'vista'],
  seed: 3,
  interrupts: 50_000,
  speedNs: null,
  view: null,
};
const TOUR = 'The four deliveries';
/** `--paper` of play.css. */
const DARK_PAPER = 'rgb(20, 23, 27)';
const NARROW = 390;
const SAMPLE = new URL('../../reports/sample.html', import.meta.url);

/** Runs in the page before its own scripts: keeps what went wrong, was saved, and was clicked. */
const LISTENER = `
globalThis.complaints = [];
globalThis.saved = [];
globalThis.clicked = [];
const wordsOf = ({ textContent }) => textContent.replace(/\\s+/g, ' ').trim();
const hear = ({ target }) => clicked.push(wordsOf(target.closest('button, summary') ?? target));
addEventListener('click', hear, { capture: true });
addEventListener('error', ({ message }) => complaints.push(message));
addEventListener('unhandledrejection', ({ reason }) => complaints.push(String(reason)));
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  complaints.push(violatedDirective + ' forbids ' + blockedURI));
const { createObjectURL } = URL;
URL.createObjectURL = (blob) => {
  void blob.text().then((text) => saved.push(text));
  return createObjectURL.call(URL, blob);
};
`;

declare global {
  // What the listener keeps.
  var complaints: string[];
  var saved: string[];
  var clicked: string[];
}

/** The page with the listener in it, which its content security policy is told of. */
function heard(html: string): string {
  const hash = createHash('sha256').update(LISTENER).digest('base64');
  const allowed = html.replace("script-src '", `script-src 'sha256-${hash}' '`);
  expect(allowed).not.toBe(html);
  return allowed.replace('<title>', () => `<script>${LISTENER}</script><title>`);
}

const folder = mkdtempSync(join(tmpdir(), 'dpcbench-browsers-'));
const address = (name: string): string => pathToFileURL(join(folder, name)).href;
beforeAll(async () => {
  const assets = { ...(await bundlePlay()), sha256 };
  writeFileSync(join(folder, 'play.html'), heard(playPage(START, assets)));
  writeFileSync(join(folder, 'report.html'), heard(readFileSync(SAMPLE, 'utf8')));
});
afterAll(() => rmSync(folder, { recursive: true }));

const BROWSERS = [
  ['Firefox', startFirefox],
  ['WebKit', startWebKit],
] as const;

for (const [name, start] of BROWSERS) {
  describe(`${name} has the page`, () => {
    let browser: OtherBrowser;
    beforeAll(async () => {
      browser = new OtherBrowser(await start({ dark: true }));
      console.log(browser.driver.name);
      await browser.driver.resize(1280, 900);
    });
    afterAll(() => browser?.driver.close());

    /** The live page as if it was opened for the first time. */
    async function open(query = ''): Promise<void> {
      await browser.driver.navigate('about:blank');
      await browser.driver.navigate(address('play.html') + query);
      await browser.until(() => document.querySelector('.status') !== null);
    }
    const untilOver = (): Promise<void> => browser.untilSaid('To the last digit', '.same-as');
    const complaints = (): Promise<string[]> => browser.run(() => globalThis.complaints);
    const command = (): Promise<string> => browser.text('.same-as code');

    test('which finds what the command line finds, to the last digit', async () => {
      await open();
      await untilOver();
      await browser.press('Save result');
      await browser.until(() => globalThis.saved.length > 1);
      const text = await browser.run(() => globalThis.saved.at(-1)!);
      const { meta, ...found } = JSON.parse(text) as ResultDocument;
      const scenario = loadScenario('default');
      const policies = selectPolicies(scenario, START.policies);
      const until = { timeNs: null, interrupts: START.interrupts };
      const expected = await runBenchmark(
        { ...scenario, policies, until },
        { seed: START.seed },
        executeInProcess,
      );
      expect({ meta, ...found }).toEqual({
        ...expected,
        meta: { ...expected.meta, host: meta.host },
      });
      expect(await browser.count('.chart canvas')).toBe(2);
      expect(await complaints()).toEqual([]);
    });

    test('whose link opens it again', async () => {
      await open();
      await untilOver();
      await browser.set('Seed', '77');
      await browser.set('second', 'msdn');
      await untilOver();
      const seen = [await command(), await browser.text('.tiles')];
      expect(seen[0]).toContain('-p pre-vista,msdn -s 77');
      await browser.press('Copy link');
      await browser.until(() => location.hash.length > 100);
      await browser.untilSaid('Link copied', '[role=status]');
      const link = await browser.run(() => location.hash);
      await open(link);
      await untilOver();
      expect([await command(), await browser.text('.tiles')]).toEqual(seen);
      await browser.press('Copy command');
      await browser.untilSaid('Copied', '.same-as [role=status]');
      await open('#1.0.0.0.abcdefabcdef.AAAA');
      await browser.untilSaid('made by dpcbench 0.0.0', '[role=alert]');
      expect(await complaints()).toEqual([]);
    });

    test('whose pace, sliders and rules take hold', async () => {
      await open();
      await untilOver();
      const before = await browser.text('.tiles');
      await browser.press('Costs');
      await browser.set('ipiFlight', '700');
      await browser.untilSaid('faint: before the change');
      await untilOver();
      expect(await browser.text('.tiles')).not.toBe(before);
      await browser.press('Edit the rules (R10)');
      await browser.until(() => document.querySelectorAll('.rules td input').length > 0);
      await browser.run(() => document.querySelector<HTMLElement>('.rules td input')!.click());
      await browser.untilSaid('my-vista', '.same-as code');
      await untilOver();
      await browser.set('Speed', '60');
      await browser.press('Run again');
      await browser.untilSaid('so far:', '.sentence');
      await browser.press('Pause');
      await browser.press('Step');
      await browser.press('Play');
      await browser.set('Speed', '100');
      await untilOver();
      expect(await complaints()).toEqual([]);
    });

    test('whose editor completes keys and says what is wrong', async () => {
      await open();
      await untilOver();
      await browser.press('Edit the text (default.yaml)');
      const inEditor = (selector: string, words = ''): Promise<void> =>
        browser.until(
          (where, what) => {
            const { shadowRoot } = document.querySelector('.editor') ?? {};
            const found = shadowRoot?.querySelector<HTMLElement>(where);
            if (where === '.cm-content') found?.focus();
            return found?.innerText.includes(what) === true;
          },
          selector,
          words,
        );
      await inEditor('.cm-content');
      await browser.type([KEYS.end], [KEYS.control]);
      await browser.type([KEYS.enter, ...'mach']);
      await browser.type([KEYS.space], [KEYS.control]);
      await inEditor('.cm-tooltip-autocomplete', 'machine');
      // The editor takes no answer for one that was given before the list was seen.
      await sleep(150);
      await browser.type([KEYS.enter]);
      await inEditor('.cm-content', '\nmachine: ');
      await inEditor('.cm-gutters .cm-lint-marker-error');
      await browser.untilSaid('default.yaml:', '[role=alert]');
      await browser.untilSaid('cannot be run', '.sentence');
      expect(await complaints()).toEqual([]);
    });

    test('whose longest wait is told, and whose tour goes to its end', async () => {
      await open();
      await untilOver();
      await browser.press('Why, under vista?');
      await browser.until(() => document.querySelector('.why .lanes rect') !== null);
      const at = (): Promise<string> => browser.text('.why .at');
      expect(await at()).toBe('0 ns');
      await browser.run(() => document.querySelector<HTMLElement>('.why .lanes')!.focus());
      await browser.type([KEYS.right]);
      await browser.until(() => !/^0 ns/.test(document.querySelector('.why .at')!.textContent!));
      expect(await browser.text('.why .inspector')).toContain('!dpcs');
      await open(`?tour=${encodeURIComponent(TOUR)}`);
      const { steps } = shippedTours().find(({ title }) => title === TOUR)!;
      for (let step = 1; ; step++) {
        await browser.untilSaid(`${TOUR}, ${step} of ${steps.length}`, '.tour h2');
        await browser.untilSaid(' of about ', '.status');
        const { look } = steps[step - 1];
        if (look === 'slow-motion') {
          await browser.until(
            () => document.querySelector('.slow .lanes path[class^=tl-][d$=z]') !== null,
          );
        }
        if (step === steps.length) break;
        await browser.press('Next');
      }
      await browser.press('End the tour');
      expect(await browser.count('.tour')).toBe(0);
      expect(await complaints()).toEqual([]);
    });

    test('dark, narrow and with everything open, or with one view alone', async () => {
      await open();
      await untilOver();
      const summaries = await browser.count('details:not([open]) > summary');
      expect(summaries).toBeGreaterThan(3);
      await browser.run(() =>
        document
          .querySelectorAll<HTMLElement>('details:not([open]) > summary')
          .forEach((each) => each.click()),
      );
      await browser.press('Why, under vista?');
      await browser.until(() => document.querySelector('.why .lanes rect') !== null);
      await browser.driver.resize(NARROW, 900);
      const tooWide = (): Promise<number> =>
        browser.run(() => document.documentElement.scrollWidth - innerWidth);
      expect(await tooWide()).toBeLessThanOrEqual(0);
      const paper = await browser.run(() => getComputedStyle(document.body).backgroundColor);
      expect(paper).toBe(DARK_PAPER);
      await browser.driver.resize(1280, 900);
      await open('?embed=waits');
      await browser.until(() => document.querySelector('#view-waits canvas') !== null);
      expect(await browser.count('[id^=view-]')).toBe(1);
      expect(await complaints()).toEqual([]);
    });

    test('and the page of a report, whose charts are drawn', async () => {
      await browser.driver.navigate(address('report.html'));
      await browser.until(() => document.querySelectorAll('canvas').length > 0);
      expect(await browser.run(() => document.getElementById('script-notice')!.hidden)).toBe(true);
      expect(await complaints()).toEqual([]);
    });
  });
}
