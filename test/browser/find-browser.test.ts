import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { browserPlaces, findBrowser } from './find-browser.js';

describe('where a browser is looked for', () => {
  it('is first where PATH says, then where Linux keeps programs', () => {
    const places = browserPlaces({ platform: 'linux', env: { PATH: '/own/bin:/usr/bin' } });
    expect(places[0]).toBe('/own/bin/chromium');
    const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome', 'msedge'];
    for (const name of names) {
      expect(places).toContain(`/own/bin/${name}`);
      expect(places.filter((place) => place === `/usr/bin/${name}`)).toHaveLength(1);
    }
    expect(browserPlaces({ platform: 'linux', env: {} })).toContain('/usr/bin/chromium');
  });

  it('is in the folders of applications on macOS', () => {
    const places = browserPlaces({ platform: 'darwin', env: { HOME: '/Users/me' } });
    const program = 'Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(places).toContain(`/Applications/${program}`);
    expect(places).toContain(`/Users/me/Applications/${program}`);
  });

  it('is where Windows installs programs for all and for one', () => {
    const env = { PROGRAMFILES: 'C:\\Programs', LOCALAPPDATA: 'C:\\Users\\me\\Local' };
    const places = browserPlaces({ platform: 'win32', env });
    expect(places).toContain('C:\\Programs\\Google\\Chrome\\Application\\chrome.exe');
    expect(places).toContain('C:\\Programs\\Microsoft\\Edge\\Application\\msedge.exe');
    expect(places).toContain('C:\\Users\\me\\Local\\Google\\Chrome\\Application\\chrome.exe');
  });
});

describe('a browser that is found', () => {
  const root = mkdtempSync(join(tmpdir(), 'dpcbench-find-browser-'));
  afterAll(() => rmSync(root, { recursive: true }));

  function folderWith(name: string, program: string, script: string): string {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return join(root, name);
  }

  it('is one that starts: no placeholder, and none that cannot read the reports', async () => {
    const folders = [
      folderWith('placeholder', 'chromium-browser', 'echo "install the Chromium snap"; exit 1'),
      folderWith('snap', 'chromium', 'echo Chromium 150.0.1 snap'),
      folderWith('other', 'chrome', 'echo a game of this name'),
      folderWith('good', 'google-chrome', 'echo Google Chrome 150.0.1'),
    ];
    const found = await findBrowser({ platform: 'linux', env: { PATH: folders.join(delimiter) } });
    expect(found).toBe(join(root, 'good', 'google-chrome'));
  });
});
