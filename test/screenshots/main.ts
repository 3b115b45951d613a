import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../browser/find-browser.js';
import { type View, VIEWS, writeInputs } from './views.js';

/**
 * `npm run screenshots -- FOLDER`: every kind of page that the program writes but the live one, as
 * PNG at three widths, light and dark, and as PDF on both sizes of paper, for a person to look at.
 * `--only sweep` takes the views of which that is a part of the name.
 */
const WIDTHS = [1440, 1100, 390];
const THEMES = ['light', 'dark'] as const;
const PAPERS = ['A4', 'Letter'];
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];

const { values, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const folder = resolve(positionals[0] ?? 'build/screenshots');
const made = join(folder, 'pages');
mkdirSync(made, { recursive: true });
writeInputs(made);
const path = process.env['DPCBENCH_CHROMIUM'] ?? (await findBrowser(process));
if (path === null) throw new Error('There is no Chromium: name one with DPCBENCH_CHROMIUM.');
const browser = await chromium.launch({ executablePath: path, args: FLAGS });
try {
  for (const view of VIEWS.filter(({ name }) => name.includes(values.only))) {
    const file = join(made, `${view.name}.${view.ending}`);
    await view.make(file, made);
    await shoot(browser, view, view.ending === 'svg' ? inPage(file) : file);
    process.stdout.write(`${join(folder, view.name)}-*\n`);
  }
} finally {
  await browser.close();
}

/** A page around an SVG: the browser takes no full picture of one that stands alone. */
function inPage(file: string): string {
  const page = `${file}.html`;
  writeFileSync(page, `<img src="${basename(file)}" style="max-width: 100%" alt="">`);
  return page;
}

async function shoot(browser: Browser, { name, ending }: View, file: string): Promise<void> {
  const page = await browser.newPage();
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(pathToFileURL(file).href);
      await page.screenshot({
        path: join(folder, `${name}-${width}-${colorScheme}.png`),
        fullPage: true,
      });
    }
  }
  // As a person with a dark system prints from a window of middle size: paper is light.
  await page.setViewportSize({ width: 1100, height: 900 });
  if (ending === 'html') {
    for (const format of PAPERS)
      await page.pdf({ path: join(folder, `${name}-${format}.pdf`), format });
  }
  await page.close();
}
