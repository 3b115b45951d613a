import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../bench/free-port.js';
import type { Looks, WebDriver } from './other-browser.js';

const DRIVER = 'WebKitWebDriver';
const SCREEN = 'xvfb-run';
const START_MS = 60_000;

/** @throws where it is missing: a test that is left out proves nothing. */
function check(program: string): void {
  if (spawnSync(program, ['--help']).status === 0) return;
  const install = 'apt-get install webkit2gtk-driver xvfb xauth';
  throw new Error(`${program} is not here (Debian: ${install})`);
}

/**
 * WebKitGTK, the engine of Safari as Linux has it, in the small browser that comes with its driver,
 * on a screen that nobody sees.
 */
export async function startWebKit({ dark }: Looks): Promise<WebDriver> {
  check(DRIVER);
  check(SCREEN);
  const port = await freePort();
  const args = ['-a', '-s', '-screen 0 1600x1200x24', DRIVER, `--port=${port}`];
  // The program of the screen leaves a folder behind.
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-webkit-'));
  const look = dark ? 'Adwaita:dark' : 'Adwaita';
  const env = { ...process.env, GTK_THEME: look, TMPDIR: folder };
  // A group of its own: the screen ends with it.
  const child = spawn(SCREEN, args, { stdio: 'ignore', env, detached: true });
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...sent });
    const { value } = (await response.json()) as { value: T };
    if (!response.ok) throw new Error(JSON.stringify(value));
    return value;
  };
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      process.kill(-child.pid!);
      await ended;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  for (const startedMs = performance.now(); ; await sleep(50)) {
    if (await ask('GET', '/status').catch(() => null)) break;
    if (child.exitCode === null && performance.now() - startedMs < START_MS) continue;
    await end();
    throw new Error(`${DRIVER} did not start`);
  }
  interface Session {
    sessionId: string;
    capabilities: Record<string, string>;
  }
  const { capabilities, sessionId } = await ask<Session>('POST', '/session', { capabilities: {} });
  const post = <T = void>(path: string, body: object): Promise<T> =>
    ask<T>('POST', `/session/${sessionId}${path}`, body);
  return {
    name: `WebKitGTK ${capabilities['browserVersion']}`,
    navigate: (url) => post('/url', { url }),
    execute: (script, given) => post('/execute/sync', { script, args: given }),
    find: (value) => post('/element', { using: 'xpath', value }),
    click: (id) => post(`/element/${id}/click`, {}),
    perform: (actions) => post('/actions', { actions }),
    resize: (width, height) => post('/window/rect', { width, height }),
    close: async () => {
      await ask('DELETE', `/session/${sessionId}`).catch(() => {});
      await end();
    },
  };
}
