import { deflateRawSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { packageVersion } from '../../src/disk/version.js';
import { encodeLink } from '../../src/play/link.js';

import {
  MINE,
  paste,
  type PlayBrowser,
  START,
  startPlayBrowser,
  tiles,
  untilOver,
} from './open-page.js';

// A browser on a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let play: PlayBrowser;
beforeAll(async () => {
  play = await startPlayBrowser();
});
afterAll(() => play?.browser.close());
const open: PlayBrowser['open'] = (...given) => play.open(...given);

const ORIGIN = { version: packageVersion(), kernelHash: shippedKernel('release').identity.hash };

/** A link of this page with any content, as somebody else may make it. */
function linkOf(content: string | Buffer): string {
  const data = deflateRawSync(content).toString('base64url');
  return `1.${ORIGIN.version}.${ORIGIN.kernelHash.slice(0, 12)}.${data}`;
}

/** The link that the page hands out, as the clipboard has it. */
async function copiedLink(page: Page): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByRole('status').getByText('Link copied').waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

describe('a link', () => {
  test('holds the whole state', async () => {
    const scenario = { file: 'theirs.yaml', text: MINE.replace('high', 'mediumHigh') };
    const state = { ...START, scenario, seed: 77, interrupts: 25_000 };
    const { page } = await open({ ...state, policies: ['msdn', 'nt52'], speedNs: 1e10 });
    await untilOver(page);
    const expected = [await tiles(page), await page.locator('.same-as code').innerText()];
    expect(expected[1]).toBe('dpcbench run theirs.yaml -p msdn,nt52 -s 77 -n 25000');
    await page.getByRole('button', { name: 'Copy command' }).click();
    await page.getByRole('status').getByText('Copied').waitFor();
    const whole = await copiedLink(page);
    expect(whole).toBe(page.url());
    await page.getByLabel('Show').selectOption('waits');
    const alone = await copiedLink(page);
    await page.close();
    const { page: other } = await open();
    await untilOver(other);
    await other.goto(other.url() + new URL(whole).hash);
    await other.locator('.same-as code', { hasText: 'theirs.yaml' }).waitFor();
    await untilOver(other);
    const found = [await tiles(other), await other.locator('.same-as code').innerText()];
    expect(found).toEqual(expected);
    const speed = other.getByRole('slider', { name: 'Speed' });
    expect(await speed.getAttribute('aria-valuetext')).toBe('10 s a second');
    await other.goto(new URL(other.url()).href.replace(/#.*/, '') + new URL(alone).hash);
    await other.locator('#view-waits').waitFor();
    expect(await other.locator('[id^=view-]').count()).toBe(1);
    await other.close();
  });

  test('that is hostile is refused with a reason, and the page works', async () => {
    const { complaints, page, requests } = await open();
    const refusals: [string, string][] = [
      ['1.0.1.0.abcdefabcdef.AAAA', 'made by dpcbench 0.1.0 with kernel abcdefabcdef'],
      [await encodeLink(START, { ...ORIGIN, version: '9.9.9' }), 'made by dpcbench 9.9.9'],
      ['<script>alert(1)</script>', 'it is damaged'],
      ['A'.repeat(300_001), 'it has 300001 characters'],
      [linkOf(Buffer.alloc(50_000_000)), 'more than 2000000 bytes'],
      [linkOf(Buffer.from([0xff])), 'its data are damaged'],
      [linkOf('{"__proto__":{"seed":1}}'), 'the unknown key "__proto__"'],
      [linkOf(JSON.stringify({ ...START, seed: 1e300 })), 'seed is no whole number'],
      [
        linkOf(JSON.stringify({ ...START, scenario: { name: '__proto__' } })),
        'this page has no scenario "__proto__"',
      ],
      [
        linkOf(JSON.stringify({ ...START, scenario: { name: '<img src=x onerror=alert(1)>' } })),
        'no scenario "<img src=x onerror=alert(1)>"',
      ],
    ];
    for (const [fragment, why] of refusals) {
      await page.evaluate((hash) => (location.hash = hash), fragment);
      await page.getByRole('alert').getByText(why).waitFor();
      await untilOver(page);
      await page.getByRole('button', { name: 'Close' }).click();
      expect(await page.getByRole('alert').count()).toBe(0);
    }
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(requests.filter((address) => !/^(file|blob):/.test(address))).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

const NAMED = `${MINE.replace('nic', '"<img src=x onerror=alert(1)>"')}
policies: [vista, { name: "<b>__proto__", extends: msdn }, { name: constructor, extends: vista }]
`;

describe('a scenario of a stranger', () => {
  test('is refused with the place, or runs; its names are text', async () => {
    const { complaints, page } = await open();
    await untilOver(page);
    await page.getByText('Edit the text').click();
    await page.locator('.cm-content').waitFor();
    const refusals = [
      [MINE.replace('isr', '__proto__: 1\n    isr'), 'unknown key "__proto__"'],
      [MINE.replace('processors: 2', 'processors: 1e308'), 'from 1 to 1,024, found 1e+308'],
      [MINE.replace('30000', '9007199254740993'), 'from 1 to 1,000,000,000,000'],
      [MINE.replace('{ poisson: 20000/s }', '{ recording: a.json }'), 'no disk to read'],
      [`a: &a [1,1,1,1,1,1]\n${bomb()}${MINE}`, 'aliases stand for more than'],
      [MINE.replace('nic', '"\u001b[31mnic"'), 'control'],
    ];
    for (const [text, why] of refusals) {
      await paste(page, text);
      await page.getByRole('alert').getByText(why).waitFor();
    }
    await paste(page, NAMED);
    await untilOver(page);
    const second = page.getByRole('combobox', { name: 'second' }).last();
    for (const name of ['<b>__proto__', 'constructor']) {
      await second.selectOption(name);
      await untilOver(page);
      expect(await page.locator('.tile').first().innerText()).toContain(name);
    }
    await page.getByRole('button', { name: 'Why, under constructor?' }).click();
    await page.locator('.why').getByText('<img src=x onerror=alert(1)> waited').waitFor();
    expect(await page.locator('#play img, #play b bdi b, .timeline b').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** A few lines that stand for a billion values. */
function bomb(): string {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  return names
    .slice(1)
    .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${names[i]}`).join(',')}]\n`)
    .join('');
}

describe('an address that names a tour', () => {
  test('starts it, or says which there are', async () => {
    const { page } = await open();
    const address = page.url();
    await page.goto(`${address}?tour=The four deliveries`);
    await page.getByRole('region', { name: 'Tour: The four deliveries' }).waitFor();
    await page.locator('.same-as code', { hasText: 'tour.yaml' }).waitFor();
    await page.goto(`${address}?tour=<b>none`);
    await page.getByRole('alert').getByText('no tour "<b>none"; there are "An ISR').waitFor();
    await page.close();
  });
});

describe('a page within another one', () => {
  test('shows the view that its address names, of what its link holds', async () => {
    const { complaints, page } = await open();
    const address = page.url();
    const views = [
      ['decisions', '#view-decisions tbody td'],
      ['slow-motion', '#view-slow-motion .lanes'],
      ['nothing', '#view-waits canvas'],
    ];
    for (const [view, shown] of views) {
      await page.goto(`${address}?embed=${view}`);
      await page.locator(shown).first().waitFor();
      expect(await page.locator('[id^=view-]').count()).toBe(1);
      const buttons = await page.getByRole('button', { name: /Show everything|Copy link/ }).count();
      expect(buttons).toBe(0);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });
});
