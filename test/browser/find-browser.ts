import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a search for a browser depends on. */
export interface System {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

const LINUX_NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'msedge',
];
const LINUX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/google/chrome', '/opt/microsoft/msedge'];
const MAC_PROGRAMS = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const WINDOWS_PROGRAMS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
  ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
];
const WINDOWS_ROOTS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'];

/** Where systems keep Chromium, Chrome or Edge, in the order in which they are tried. */
export function browserPlaces({ platform, env }: System): string[] {
  if (platform === 'win32') {
    const roots = WINDOWS_ROOTS.flatMap((name) => env[name] ?? []);
    return roots.flatMap((root) => WINDOWS_PROGRAMS.map((parts) => [root, ...parts].join('\\')));
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...LINUX_FOLDERS];
  const named = folders
    .filter((folder) => folder !== '')
    .flatMap((folder) => LINUX_NAMES.map((name) => join(folder, name)));
  if (platform !== 'darwin') return [...new Set(named)];
  const roots = ['/Applications', join(env['HOME'] ?? '/', 'Applications')];
  const programs = roots.flatMap((root) =>
    MAC_PROGRAMS.map((name) => `${root}/${name}.app/Contents/MacOS/${name}`),
  );
  return [...programs, ...new Set(named)];
}

/** The first browser of this system that starts; null: it has none. */
export async function findBrowser(system: System): Promise<string | null> {
  for (const path of browserPlaces(system).filter((place) => existsSync(place))) {
    if (system.platform === 'win32' || (await saysItsVersion(path))) return path;
  }
  return null;
}

/**
 * Does it start? A placeholder that asks for a snap to be installed does not. A browser in a snap
 * does, but cannot read the reports, which lie in the folder for temporary files. Windows is not
 * asked: its browsers open a window instead of answering.
 */
function saysItsVersion(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 20_000 }, (error, stdout) => {
      resolve(error === null && /Chrom|Edge/.test(stdout) && !/\bsnap\b/.test(stdout));
    });
  });
}
