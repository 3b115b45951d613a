import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Looks, WebDriver } from './other-browser.js';

const PROGRAMS = ['firefox-esr', 'firefox'];
const START_MS = 60_000;

/** @throws where there is none: a test that is left out proves nothing. */
function findFirefox(): string {
  const wanted = process.env['DPCBENCH_FIREFOX'] ?? '';
  const names = wanted === '' ? PROGRAMS : [wanted];
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found !== undefined) return found;
  throw new Error(`${names.join(' or ')} is not here (Debian: apt-get install firefox-esr)`);
}

/**
 * Firefox without a window, in a profile of its own, told what to do by its own protocol: that of
 * geckodriver (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
 */
export async function startFirefox({ dark }: Looks): Promise<WebDriver> {
  const program = findFirefox();
  const profile = mkdtempSync(join(tmpdir(), 'dpcbench-firefox-'));
  const settings = {
    // Any free port, which it writes into its profile.
    'marionette.port': 0,
    'browser.shell.checkDefaultBrowser': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'layout.css.prefers-color-scheme.content-override': dark ? 0 : 1,
  };
  const lines = Object.entries(settings).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const args = ['--marionette', '--headless', '--no-remote', '--profile', profile];
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, HOME: profile } });
  const line = await Marionette.connect(child, join(profile, 'MarionetteActivePort'));
  const { capabilities } = await line.ask<{ capabilities: Record<string, string> }>('NewSession');
  return {
    name: `Firefox ${capabilities['browserVersion']}`,
    navigate: (url) => line.ask('Navigate', { url }),
    execute: async (script, given) =>
      (await line.ask<{ value: unknown }>('ExecuteScript', { script, args: given })).value,
    find: async (value) =>
      (await line.ask<{ value: Record<string, string> }>('FindElement', { using: 'xpath', value }))
        .value,
    click: (id) => line.ask('ElementClick', { id }),
    perform: (actions) => line.ask('PerformActions', { actions }),
    resize: (width, height) => line.ask('SetWindowRect', { width, height }),
    close: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** Messages are JSON with their length in bytes before a colon. */
class Marionette {
  private heard = Buffer.alloc(0);
  private count = 0;
  private readonly waiting = new Map<number, Waiting>();

  private constructor(
    private readonly socket: Socket,
    child: ChildProcess,
  ) {
    socket.on('data', (bytes) => this.hear(bytes));
    child.once('exit', (code) => this.giveUp(new Error(`Firefox ended with exit code ${code}`)));
    socket.on('error', (error) => this.giveUp(error));
  }

  static async connect(child: ChildProcess, portFile: string): Promise<Marionette> {
    const startedMs = performance.now();
    for (;;) {
      const port = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0;
      if (port > 0) {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return new Marionette(socket, child);
      }
      if (child.exitCode !== null || performance.now() - startedMs > START_MS) {
        child.kill();
        throw new Error('Firefox did not start');
      }
      await sleep(20);
    }
  }

  ask<T = void>(command: string, parameters: object = {}): Promise<T> {
    const id = ++this.count;
    const text = JSON.stringify([0, id, `WebDriver:${command}`, parameters]);
    this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
    });
  }

  private hear(bytes: Buffer): void {
    this.heard = Buffer.concat([this.heard, bytes]);
    for (;;) {
      const colon = this.heard.indexOf(':');
      const end = colon + 1 + Number(this.heard.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 0 || this.heard.length < end) return;
      const message: unknown = JSON.parse(this.heard.toString('utf8', colon + 1, end));
      this.heard = this.heard.subarray(end);
      // The first one greets.
      if (Array.isArray(message)) this.answer(message);
    }
  }

  private answer([, id, error, value]: unknown[]): void {
    const waiting = this.waiting.get(id as number);
    this.waiting.delete(id as number);
    if (error === null) waiting?.resolve(value);
    else waiting?.reject(new Error(JSON.stringify(error)));
  }

  private giveUp(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
