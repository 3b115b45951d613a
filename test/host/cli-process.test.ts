import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';

// The built program, as it ships: `npm run build` makes it.
const CLI = resolve('dist/cli.js');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-process-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.err += text));
  return { child, texts, ended: once(child, 'close') };
}

describe('the built command line', () => {
  it('waits for the reader of a long event log and ends quietly when it leaves', async () => {
    const { child, texts, ended } = start(['trace', 'w8', '--policy', 'vista', '-n', '3M']);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await ended) as [number];
    expect([code, texts.err]).toEqual([EXIT.ok, '']);
  });

  it('ends on Ctrl-C, says what was done and writes nothing', async () => {
    const file = join(folder, 'never.json');
    const { child, texts, ended } = start(['run', 'w8', '-n', '2G', '-w', '2', '--json', file]);
    // A line of progress says that the run is under way.
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    const [code] = (await ended) as [number];
    expect(code).toBe(EXIT.interrupted);
    expect(texts.err).toMatch(/Interrupted: 0 of 40 shards done, [\d,]+ interrupts simulated/);
    expect(texts.out).toBe('');
    expect(existsSync(file)).toBe(false);
  });

  it('carries a large run out on workers', async () => {
    const cut = ['--shards', '10', '--warmup', 'none'];
    const args = ['run', 'w8', '-n', '1M', ...cut, '-w', '2', '--json', '-'];
    const { texts, ended } = start(args);
    const [code] = (await ended) as [number];
    expect([code, texts.err]).toEqual([EXIT.ok, '']);
    expect(JSON.parse(texts.out)).toMatchObject({ meta: { shards: 10, interrupts: 2_000_000 } });
  });

  it('is a defect, with its own exit code, when something unexpected happens', async () => {
    const { texts, ended } = start(['run', 'w1', '-n', '10'], {
      NODE_OPTIONS: '--import=data:text/javascript,WebAssembly.Instance=null',
    });
    const [code] = (await ended) as [number];
    expect(code).toBe(EXIT.internal);
    expect(texts.err).toMatch(/^A defect of dpcbench/);
  });
});
